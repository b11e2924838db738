import { describe, expect, test } from "@jest/globals";
import { GrantEntry } from "../../../../../src/policy/index/grantEntry.ts";
import { GrantTable } from "../../../../../src/policy/index/grants.ts";
import { PathTable } from "../../../../../src/policy/index/paths/pathTable.ts";
import { Steps } from "../../../../../src/policy/index/paths/steps.ts";
import { grant } from "../../../../support/documents.ts";

/** The bound that docs/concepts.md states, and what the last search may add to it. */
const MAX_STEPS = 1_000_000;
const LONG = 8_192;
const everyone = () => true;

function tableOf(values: readonly string[]): PathTable {
  const table = new PathTable();
  const entry = new GrantEntry(grant());
  const api = { name: "api", hosts: [], paths: [], methods: [] };
  for (const value of values) table.add({ type: "TencentPath", value }, entry, api);
  return table;
}

function stepsOf(values: readonly string[], path: string): number {
  const steps = new Steps();
  tableOf(values).match(path, everyone, steps);
  return steps.taken;
}

const numbered = <Value>(count: number, value: (at: number) => Value): readonly Value[] =>
  Array.from({ length: count }, (_, at) => value(at));
const padded = (at: number) => String(at).padStart(5, "0");

describe("the steps of one request do not grow with the number of", () => {
  const kinds: Record<string, (at: number) => string> = {
    "plain prefixes": (at) => `/orders/${padded(at)}`,
    "marked prefixes": (at) => `^~/orders/${padded(at)}`,
    "exact paths": (at) => `=/orders/${padded(at)}`,
    "paths with one variable": (at) => `/orders/${padded(at)}/{id}`,
    "paths with one variable that begin alike": (at) => `/orders/{id}/${padded(at)}`,
    "paths with two variables and a text of their own before them": (at) => `/${padded(at)}/{a}/x/{b}`,
  };
  test.each(Object.entries(kinds))("%s", (_, value) => {
    const path = "/orders/00007/x/00007";
    const few = stepsOf(numbered(10, value), path);
    expect(stepsOf(numbered(10_000, value), path)).toBe(few);
    expect(few).toBeLessThan(200);
  });
});

describe("the steps of a hostile path stay under the bound for", () => {
  const worlds: Record<string, readonly string[]> = {
    "plain and marked prefixes of every length": [
      ...numbered(511, (at) => `/${"a".repeat(at)}`),
      ...numbered(509, (at) => `^~/${"b".repeat(at)}`),
    ],
    "paths with variables that begin and end with texts of every length": numbered(
      30_000,
      (at) => `/${"a".repeat(at % 250)}{x}${"a".repeat(Math.floor(at / 120))}`,
    ),
    "10,000 paths with two variables that begin and end alike": numbered(
      10_000,
      (at) => `/{x}${padded(at)}{y}`,
    ),
    "paths with hundreds of variables": numbered(1_000, (at) => `/${"{a}a".repeat(120)}${padded(at)}{b}`),
  };
  test.each(Object.entries(worlds))("P33: %s", (_, values) => {
    const path = `/${"a".repeat(LONG)}`;
    expect(stepsOf(values, path)).toBeLessThan(MAX_STEPS + 4 * LONG);
  });
});

test("P30: paths with variables of a namespace that does not own the host take no steps", () => {
  const steps = new Steps();
  const owns = ({ document }: GrantEntry) => document.namespace !== "team-shop";
  tableOf(numbered(10_000, (at) => `/{x}${padded(at)}{y}`)).match("/a/00007/b", owns, steps);
  expect(steps.taken).toBe(0);
});

describe("a request that would take more steps than the bound", () => {
  const paths = numbered(10_000, (at) => ({ type: "TencentPath", value: `/{x}${padded(at)}{y}` }) as const);
  const table = new GrantTable();
  const api = { name: "api", hosts: ["a.example.com"], paths, methods: [] };
  table.add("grant.team-shop.orders", grant({ apis: [api] }));

  test("matches nothing, since a more specific path may be left", () => {
    const steps = new Steps();
    const path = `/${"a".repeat(LONG)}`;
    expect(table.match("a.example.com", "release", path, everyone, steps)).toBeUndefined();
    expect(steps.areSpent).toBe(true);
  });

  test("leaves shorter requests alone", () => {
    const steps = new Steps();
    expect(table.match("a.example.com", "release", "/a/00007/b", everyone, steps)).toHaveLength(1);
    expect(steps.areSpent).toBe(false);
  });
});
