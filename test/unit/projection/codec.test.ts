import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { decodeProjection, encodeProjection } from "../../../src/projection/codec.ts";
import { compareVersions } from "../../../src/projection/versions.ts";
import { application, domain, grant, key } from "../../support/documents.ts";

const documents = [
  application({ labels: { ["__proto__"]: "x", a: "b" }, keys: [key({ retiresAt: "2027-01-01T00:00:00Z" })] }),
  application({ labels: JSON.parse('{"__proto__": "label"}') }),
  grant({
    applications: [
      { kind: "selector", selector: { matchExpressions: [{ key: "a", operator: "Exists" }] } },
      { kind: "id", applicationId: "app-00000000" },
    ],
    plan: "gold",
  }),
  domain({ namespaces: { kind: "selector", selector: { matchLabels: { a: "b" } } } }),
];

test.each(documents.map((document) => [document.kind, document] as const))(
  "a document of kind %s is read as it was written",
  (_, document) => {
    const text = encodeProjection(document);
    const read = decodeProjection(text);
    expect(read.ok && encodeProjection(read.document)).toBe(text);
    expect(read.ok && read.document.kind).toBe(document.kind);
  },
);

test("equal documents are equal text, whatever the order of their fields", () => {
  const reversed = Object.fromEntries(Object.entries(grant()).reverse());
  expect(encodeProjection(reversed as never)).toBe(encodeProjection(grant()));
});

describe("a text is refused", () => {
  const json = (change: object) =>
    JSON.stringify({ ...JSON.parse(encodeProjection(application())), ...change });
  test.each([
    ["that is no JSON", "{"],
    ["that is a list", "[]"],
    ["of another version", json({ version: 2 })],
    ["of another kind", json({ kind: "Secret" })],
    ["with a field that nobody knows", json({ extra: 1 })],
    ["without its keys", json({ keys: undefined })],
    ["whose suspended is text", json({ suspended: "false" })],
    ["whose expiresAt is no time", json({ expiresAt: "soon" })],
    ["whose clock skew is unlimited", json({ signing: { ...application().signing, clockSkewSeconds: 1e9 } })],
  ])("%s", (_, text) => {
    expect(decodeProjection(text).ok).toBe(false);
  });
  test("whatever it is, without an exception", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => expect(decodeProjection(text).ok).toBe(false)),
    );
  });
});

test("versions compare as numbers", () => {
  expect(["10", "9", "", "100"].sort(compareVersions)).toEqual(["", "9", "10", "100"]);
});
