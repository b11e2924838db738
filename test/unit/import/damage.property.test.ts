import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { runImport } from "../../support/tencent/imported.ts";
import { app, KEY, SECRET, whole } from "../../support/tencent/smallTenant.ts";

const FIXTURES = new URL("../../fixtures/tencent", import.meta.url).pathname;
const documents = ["tccli", "terraform", "tofu"]
  .flatMap((folder) => readdirSync(join(FIXTURES, folder)).map((name) => join(FIXTURES, folder, name)))
  .filter((path) => /\.(?:json|tfstate)$/.test(path))
  .map((path) => readFileSync(path, "utf8"))
  .filter((text) => text !== "");

/** Everything that an import reports about its input. */
function messagesOf(text: string): string {
  const result = runImport([["a.json", text]]);
  return JSON.stringify(result.ok ? result.findings : [result.problems, result.usage]);
}

test("a real file with any piece replaced is imported or named, without an exception", () => {
  const piece = fc.constantFrom(
    "",
    "null",
    "0",
    '"x"',
    "[]",
    "{}",
    "[null]",
    '{"id":1}',
    "true",
    ",",
    "}",
    '"',
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...documents),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(40),
      piece,
      (text, at, length, put) => {
        const from = Math.floor(at * text.length);
        expect(() => messagesOf(text.slice(0, from) + put + text.slice(from + length))).not.toThrow();
      },
    ),
    { numRuns: 300 },
  );
}, 60_000);

test("any JSON value is imported or named, without an exception", () => {
  const keys = fc.constantFrom(
    "Result",
    "Response",
    "ApiAppSet",
    "ApiAppApiSet",
    "version",
    "lineage",
    "resources",
    "instances",
    "attributes",
    "values",
    "format_version",
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.jsonValue({ maxDepth: 1 }),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(keys, tie("value"), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(value, (one) => expect(() => messagesOf(JSON.stringify(one))).not.toThrow()),
    { numRuns: 500 },
  );
}, 60_000);

test("no message has a secret, wherever a file is cut off", () => {
  const [, text = ""] = whole().find(([name]) => name === "apps.json") ?? [];
  for (let length = 1; length < text.length; length += 1)
    expect(messagesOf(text.slice(0, length))).not.toMatch(new RegExp(`${SECRET}|${KEY}`));
  expect(messagesOf(JSON.stringify({ Result: { ApiAppSet: [app({ ApiAppName: 5 })] } }))).not.toMatch(
    new RegExp(`${SECRET}|${KEY}`),
  );
});
