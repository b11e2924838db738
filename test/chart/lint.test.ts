import { readFile } from "node:fs/promises";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { CHART, renderChart, runHelm } from "../support/helm.ts";
import { COMBINATIONS, REFUSED } from "./combinations.ts";

const PROJECT = new URL("../../", import.meta.url);

describe("helm lint --strict has no finding for", () => {
  test.each(Object.entries(COMBINATIONS))("%s", async (_, values) => {
    expect(await runHelm(["lint", "--strict", CHART], { values })).toContain("0 chart(s) failed");
  });
});

describe("the chart refuses", () => {
  test.each(Object.entries(REFUSED))("%s", async (_, [values, message]) => {
    await expect(renderChart(values)).rejects.toThrow(message);
  });
});

test("each value that values.yaml documents has a schema, and none is open to misspelling", async () => {
  const schema = JSON.parse(await readFile(`${CHART}/values.schema.json`, "utf8"));
  const values = parse(await readFile(`${CHART}/values.yaml`, "utf8"));
  expect(unknown(values, schema, "")).toEqual([]);
});

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
}

/** The paths of values that their schema does not name. */
function unknown(value: unknown, schema: Schema | undefined, path: string): readonly string[] {
  if (!schema) return [path];
  if (typeof value !== "object" || value === null || Array.isArray(value) || !schema.properties) return [];
  const open = schema.additionalProperties === false ? [] : [`${path}: additionalProperties`];
  const below = Object.entries(value).flatMap(([key, one]) =>
    unknown(one, schema.properties?.[key], `${path}.${key}`),
  );
  return [...open, ...below];
}

test("the chart has the version of the program", async () => {
  const chart = parse(await readFile(`${CHART}/Chart.yaml`, "utf8"));
  const { version } = JSON.parse(await readFile(new URL("package.json", PROJECT), "utf8"));
  expect([chart.version, chart.appVersion]).toEqual([version, version]);
});
