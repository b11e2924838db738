import { describe, expect, test } from "@jest/globals";
import { Allowance } from "../../../src/base/allowance.ts";
import { KeyEntry } from "../../../src/policy/index/applications.ts";
import { KeyMemory } from "../../../src/verifier/keyMemory.ts";
import { application, key } from "../../support/documents.ts";

const keyNamed = (apiAppKey: string) => new KeyEntry(application(), key({ apiAppKey }));

const variantNamed = (name: string) => ({ scheme: "Tencent" as const, name, openVariants: [] });

describe("what a verifier remembers of a key", () => {
  test("is the variant that verified last", () => {
    const memory = new KeyMemory();
    expect(memory.hints(keyNamed("k"), 0).variant).toBeUndefined();
    memory.verified(keyNamed("k"), variantNamed("exact"));
    memory.verified(keyNamed("k"), variantNamed("as-sent"));
    expect(memory.hints(keyNamed("k"), 0)).toMatchObject({ variant: { name: "as-sent" }, likelyOnly: false });
    expect(memory.hints(keyNamed("other"), 0).variant).toBeUndefined();
  });

  test("P33: after many failures only the likely variants are tried, until they are forgiven", () => {
    const memory = new KeyMemory();
    memory.verified(keyNamed("k"), variantNamed("exact"));
    for (let count = 0; count < 20; count++) memory.failed(keyNamed("k"), 1_000);
    expect(memory.hints(keyNamed("k"), 1_000).likelyOnly).toBe(false);
    memory.failed(keyNamed("k"), 1_000);
    expect(memory.hints(keyNamed("k"), 1_000)).toMatchObject({
      variant: { name: "exact" },
      likelyOnly: true,
    });
    expect(memory.hints(keyNamed("k"), 1_200).likelyOnly).toBe(false);
    expect(memory.hints(keyNamed("k"), 500).likelyOnly).toBe(true);
  });

  test("is the same after a change of the Application, whether it verified or failed", () => {
    const memory = new KeyMemory();
    const [before, after] = [keyNamed("k"), keyNamed("k")];
    memory.verified(before, variantNamed("as-sent"));
    for (let count = 0; count < 30; count++) memory.failed(before, 1_000);
    expect(memory.hints(after, 1_000)).toMatchObject({ variant: { name: "as-sent" }, likelyOnly: true });
    expect(memory.hints(after, 60_000)).toMatchObject({ variant: { name: "as-sent" }, likelyOnly: false });
    memory.failed(after, 60_000);
    expect(memory.hints(after, 60_000).likelyOnly).toBe(false);
  });

  test("is forgotten, the oldest first, beyond the bound", () => {
    const memory = new KeyMemory();
    for (let count = 0; count < 200_001; count++)
      memory.verified(keyNamed(`k${count}`), variantNamed("exact"));
    expect(memory.hints(keyNamed("k0"), 0).variant).toBeUndefined();
    expect(memory.hints(keyNamed("k1"), 0)).toMatchObject({ variant: { name: "exact" } });
  });
});

test("an allowance lets so many through at once, and so many a second", () => {
  const allowance = new Allowance(2);
  const takes = (now: number, count: number) => Array.from({ length: count }, () => allowance.take(now));
  expect(takes(0, 3)).toEqual([true, true, false]);
  expect(takes(499, 1)).toEqual([false]);
  expect(takes(500, 2)).toEqual([true, false]);
  expect(takes(100_000, 3)).toEqual([true, true, false]);
  expect(takes(0, 1)).toEqual([false]);
  expect(new Allowance(0).take(100_000)).toBe(false);
});
