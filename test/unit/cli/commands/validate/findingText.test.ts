import { expect, test } from "@jest/globals";
import { allFindings } from "../../../../../src/cli/commands/validate/allFindings.ts";
import { findingText } from "../../../../../src/cli/commands/validate/findingText.ts";
import { treeFiles } from "../../../../support/treeFiles.ts";

const files = treeFiles({
  "a b/app.yaml":
    "apiVersion: countersign.dev/v1alpha1\nkind: Application\nmetadata: {name: red, namespace: team}\nspec: {suspended: 100%}\n",
  "b,c.yaml": "a: [\n",
  "d.yaml":
    "apiVersion: countersign.dev/v1alpha1\nkind: Application\nmetadata: {name: blue, namespace: team}\nspec: {suspended: true}\n",
});
const validation = { findings: allFindings(files, 0), files: 3, objects: 2 };
const lines = (format: "text" | "github") => findingText(validation, format, "1.2.3").split("\n");

test("text names file, line, column, severity, id, object and field", () => {
  expect(lines("text")).toEqual([
    "a b/app.yaml:4:19: error ObjectInvalid: Application team/red: spec.suspended: must be boolean",
    expect.stringMatching(/^b,c\.yaml:2:1: error FileUnreadable: is not valid YAML: /),
    "d.yaml:4:19: note Suspended: Application team/blue: spec.suspended: is suspended: it permits no request",
    "2 objects in 3 files: 2 errors, 0 warnings, 1 note",
    "",
  ]);
});

test("github prints workflow commands, with everything escaped that would end a property", () => {
  expect(lines("github")).toEqual([
    "::error file=a b/app.yaml,line=4,col=19,title=ObjectInvalid::Application team/red: spec.suspended: must be boolean",
    expect.stringMatching(/^::error file=b%2Cc\.yaml,line=2,col=1,title=FileUnreadable::is not valid YAML: /),
    "::notice file=d.yaml,line=4,col=19,title=Suspended::Application team/blue: spec.suspended: is suspended: it permits no request",
    "2 objects in 3 files: 2 errors, 0 warnings, 1 note",
    "",
  ]);
});

test("json has the counts and every finding", () => {
  const json = JSON.parse(findingText(validation, "json", "1.2.3"));
  expect(json).toMatchObject({ files: 3, objects: 2, errors: 2, warnings: 0, notes: 1 });
  expect(json.findings[0]).toEqual({
    ...{ id: "ObjectInvalid", severity: "error", file: "a b/app.yaml", line: 4, column: 19 },
    ...{ object: "Application team/red", field: "spec.suspended", message: "must be boolean" },
  });
});

test("sarif has what its schema requires: version, tool, rules with ids, and results at a region of a file", () => {
  const sarif = JSON.parse(findingText(validation, "sarif", "1.2.3"));
  expect(sarif).toMatchObject({ version: "2.1.0", $schema: expect.stringContaining("sarif-2.1.0") });
  const [run] = sarif.runs;
  expect(run.tool.driver).toMatchObject({ name: "countersign", version: "1.2.3" });
  for (const rule of run.tool.driver.rules)
    expect(rule).toMatchObject({
      id: expect.stringMatching(/^[A-Z]\w+$/),
      shortDescription: { text: expect.any(String) },
      defaultConfiguration: { level: expect.stringMatching(/^(error|warning|note)$/) },
    });
  expect(run.results).toHaveLength(3);
  for (const { ruleId, ruleIndex, level, message, locations } of run.results) {
    expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId);
    expect([level, message.text]).toEqual([
      expect.stringMatching(/^(error|warning|note)$/),
      expect.any(String),
    ]);
    const { artifactLocation, region } = locations[0].physicalLocation;
    expect(artifactLocation.uri).toMatch(/^[^ :]+$/);
    expect(region.startLine).toBeGreaterThan(0);
    expect(region.startColumn).toBeGreaterThan(0);
  }
  expect(run.results[0].locations[0].physicalLocation.artifactLocation.uri).toBe("a%20b/app.yaml");
});
