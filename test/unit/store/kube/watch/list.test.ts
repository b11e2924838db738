import { expect, test } from "@jest/globals";
import { tokenIn } from "../../../../../src/store/kube/watch/list.ts";

const metadata = { resourceVersion: "7", continue: "eyJ2IjoibWV0YS5rOHMuaW8vdjEifQ==" };
const items = [{ metadata: { name: "a", annotations: { text: '"continue":"other"' } } }];

test.each<[string, object, string]>([
  ["of built-in objects has it first", { kind: "SecretList", metadata, items }, metadata.continue],
  ["of custom resources has it last, where none is looked for", { items, metadata }, ""],
  ["with one page has none", { kind: "SecretList", metadata: { resourceVersion: "7" }, items }, ""],
  ["with an empty token has none", { metadata: { ...metadata, continue: "" }, items }, ""],
  ["that is an error has none", { kind: "Status", metadata, reason: "Expired" }, ""],
])("the token of a list %s", (_, list, token) => {
  expect(tokenIn(Buffer.from(JSON.stringify(list)))).toBe(token);
});

test("a token beyond the beginning of a list is not looked for", () => {
  const list = { kind: "x".repeat(3_000), metadata, items };
  expect(tokenIn(Buffer.from(JSON.stringify(list)))).toBe("");
});
