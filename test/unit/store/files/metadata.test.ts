import { describe, expect, test } from "@jest/globals";
import { stringify } from "yaml";
import { type Read, readObject } from "../../../../src/store/files/declared.ts";
import { parseYamlFile } from "../../../../src/store/files/yaml/yamlFile.ts";
import { METADATA_CASES, type MetadataCase } from "../../../cases/metadataCases.ts";

const SPECS = {
  Application: {},
  ApiDomain: { hosts: ["api.example.com"], namespaces: { names: ["team-shop"] } },
  Namespace: undefined,
};

function readYaml(text: string): Read {
  const { objects, problems } = parseYamlFile("a.yaml", text);
  const [object] = objects;
  if (!object) throw new Error(problems[0]?.message);
  return readObject(object, () => undefined);
}

function readCase({ kind = "Application", metadata }: MetadataCase): Read {
  const apiVersion = kind === "Namespace" ? "v1" : "countersign.dev/v1alpha1";
  const spec = SPECS[kind];
  const object = { apiVersion, kind, metadata: { name: "x", namespace: "default", ...metadata }, spec };
  return readYaml(JSON.stringify(object));
}

describe("metadata is checked as the API server checks it:", () => {
  test.each(Object.entries(METADATA_CASES))("%s", (_, row) => {
    const read = readCase(row);
    const problems = read.kind === "wrong" ? read.problems : [];
    const expected = Object.entries(row.problems);
    expect(read.kind).toBe(expected.length === 0 ? "declared" : "wrong");
    for (const [field, message] of expected)
      expect(problems).toContainEqual(
        expect.objectContaining({
          field: expect.stringMatching(new RegExp(`: ${field.replaceAll(/[.[\]]/g, "\\$&")}$`)),
          message: expect.stringMatching(message),
        }),
      );
    expect(new Set(problems.map(({ field }) => field.split(": ")[1]))).toEqual(
      new Set(Object.keys(row.problems)),
    );
  });
});

test("an object whose name is wrong has no id, so that it is not taken for another one", () => {
  expect(readCase({ metadata: { name: "partners-Two" }, problems: {} })).toMatchObject({ id: undefined });
  const labels = { team: "a b" };
  expect(readCase({ metadata: { labels }, problems: {} })).toMatchObject({ id: "Application default/x" });
});

test("problems of metadata and spec are reported together, each at its line", () => {
  const metadata = { name: "partners-Two", labels: { "example.com/tier": true, team: "a b" } };
  const text = stringify({
    apiVersion: "countersign.dev/v1alpha1",
    kind: "Application",
    metadata,
    spec: { suspended: "soon" },
  });
  const read = readYaml(text);
  expect(read.kind === "wrong" ? read.problems.map(({ line, field }) => `${line} ${field}`) : []).toEqual([
    "4 Application default/partners-Two: metadata.name",
    "6 Application default/partners-Two: metadata.labels[example.com/tier]",
    "7 Application default/partners-Two: metadata.labels.team",
    "9 Application default/partners-Two: spec.suspended",
  ]);
});

test("a name that is wrong is reported once, not by the rule about its length too", () => {
  const read = readCase({ metadata: { name: "A".repeat(64) }, problems: {} });
  expect(read.kind === "wrong" ? read.problems.map(({ field }) => field) : []).toHaveLength(1);
});
