import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { ALIBABA } from "../../../src/import/gateway/alibaba.ts";
import type { Gateway } from "../../../src/import/gateway/gateway.ts";
import { TENCENT } from "../../../src/import/gateway/tencent.ts";
import { terraformState, toolOutput } from "../../support/alibaba/madeExports.ts";
import { makeTenant } from "../../support/alibaba/madeTenant.ts";
import {
  APP as ALIBABA_APP,
  KEY as ALIBABA_KEY,
  SECRET as ALIBABA_SECRET,
  security,
} from "../../support/alibaba/smallTenant.ts";
import { runImport } from "../../support/import/imported.ts";
import { app, KEY, SECRET, whole } from "../../support/tencent/smallTenant.ts";

const FIXTURES = new URL("../../fixtures/tencent", import.meta.url).pathname;
const tencentDocuments = ["tccli", "terraform", "tofu"]
  .flatMap((folder) => readdirSync(join(FIXTURES, folder)).map((name) => join(FIXTURES, folder, name)))
  .filter((path) => /\.(?:json|tfstate)$/.test(path))
  .map((path) => ["a.json", readFileSync(path, "utf8")] as const)
  .filter(([, text]) => text !== "");
const alibabaDocuments = [
  ...toolOutput(makeTenant(1)),
  ["terraform.tfstate", terraformState(makeTenant(1))] as const,
];
type Documents = readonly (readonly [string, string])[];
const GATEWAYS: readonly (readonly [string, Gateway, Documents])[] = [
  ["Tencent", TENCENT, tencentDocuments],
  ["Alibaba", ALIBABA, alibabaDocuments],
];

/** Everything that an import reports about its input. */
function messagesOf(text: string, gateway: Gateway = TENCENT, name = "a.json"): string {
  const result = runImport([[name, text]], { gateway });
  return JSON.stringify(result.ok ? result.findings : [result.problems, result.usage]);
}

test.each(GATEWAYS)(
  "a file of %s with any piece replaced is imported or named, without an exception",
  (_, gateway, documents) => {
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
        ([name, text], at, length, put) => {
          const from = Math.floor(at * text.length);
          const damaged = text.slice(0, from) + put + text.slice(from + length);
          expect(() => messagesOf(damaged, gateway, name)).not.toThrow();
        },
      ),
      { numRuns: 300 },
    );
  },
  60_000,
);

test.each(GATEWAYS)(
  "any JSON value for %s is imported or named, without an exception",
  (_name, gateway, _documents) => {
    const keys = fc.constantFrom(
      "Result",
      "Response",
      "ApiAppSet",
      "ApiAppApiSet",
      "Apps",
      "AppAttribute",
      "ApiGroupAttributes",
      "AuthorizedApps",
      "AppKey",
      "AppSecret",
      "RequestConfig",
      "ApiId",
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
      fc.property(value, (one) => expect(() => messagesOf(JSON.stringify(one), gateway)).not.toThrow()),
      { numRuns: 500 },
    );
  },
  60_000,
);

test("no message has a secret, wherever a file is cut off", () => {
  const [, text = ""] = whole().find(([name]) => name === "apps.json") ?? [];
  for (let length = 1; length < text.length; length += 1)
    expect(messagesOf(text.slice(0, length))).not.toMatch(new RegExp(`${SECRET}|${KEY}`));
  expect(messagesOf(JSON.stringify({ Result: { ApiAppSet: [app({ ApiAppName: 5 })] } }))).not.toMatch(
    new RegExp(`${SECRET}|${KEY}`),
  );
});

test("no message has an AppSecret, wherever a file is cut off", () => {
  const text = security();
  const name = `apps/${ALIBABA_APP}/security.json`;
  const secrets = new RegExp(`${ALIBABA_SECRET}|${ALIBABA_KEY}`);
  for (let length = 1; length < text.length; length += 1)
    expect(messagesOf(text.slice(0, length), ALIBABA, name)).not.toMatch(secrets);
  expect(messagesOf(security({ ModifiedTime: 5 }), ALIBABA, name)).not.toMatch(secrets);
  expect(messagesOf(text, ALIBABA, "security.json")).not.toMatch(secrets);
});
