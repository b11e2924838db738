import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { parse } from "yaml";

const FOLDER = new URL("../../../.github/ISSUE_TEMPLATE/", import.meta.url);
const TYPES = ["markdown", "textarea", "input", "dropdown", "checkboxes"];

interface Field {
  readonly type: string;
  readonly id?: string;
  readonly attributes: { readonly label?: string; readonly value?: string };
}

interface Form {
  readonly name: string;
  readonly description: string;
  readonly body: readonly Field[];
}

const forms = readdirSync(FOLDER).map((name): [string, Form] => [
  name,
  parse(readFileSync(new URL(name, FOLDER), "utf8")),
]);
const byName = new Map(forms);

test.each(forms)("%s is a form that the hosting platform accepts", (_, { name, description, body }) => {
  expect([typeof name, typeof description]).toEqual(["string", "string"]);
  for (const { type, id, attributes } of body) {
    expect(TYPES).toContain(type);
    if (type === "markdown") expect(attributes.value).toBeTruthy();
    else expect([id, attributes.label]).toEqual([expect.stringMatching(/^[a-z]+$/), expect.any(String)]);
  }
  const ids = body.flatMap(({ id }) => id ?? []);
  expect(new Set(ids).size).toBe(ids.length);
});

test("the bug report sends vulnerabilities to SECURITY.md, and asks to leave secrets out", () => {
  const text = JSON.stringify(byName.get("bug.yml"));
  expect(text).toContain("SECURITY.md");
  expect(text).toContain("contains no ApiAppSecret");
});
