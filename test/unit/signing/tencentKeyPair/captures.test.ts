import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { HeaderLines, type SignedRequest } from "../../../../src/signing/scheme.ts";
import { parseRaw } from "../tencent/captures.ts";
import { outcome } from "./support.ts";

interface Fixture {
  readonly secret: string;
  readonly captures: readonly {
    readonly id: string;
    readonly capturedAt: string;
    readonly raw: string;
    readonly expect: "allow" | "deny";
  }[];
}

const FILE = new URL("../../../fixtures/signing/tencent-key-pair.json", import.meta.url);
const { secret, captures }: Fixture = JSON.parse(readFileSync(FILE, "utf8"));
const allowed = captures.filter((capture) => capture.expect === "allow");

describe("a request that a published client sent", () => {
  test.each(captures.map((capture) => [capture.expect, capture.id, capture] as const))(
    "%s: %s",
    (expected, _, { raw, capturedAt }) => {
      const code = outcome(parseRaw(raw), secret, Date.parse(capturedAt));
      expect(code).toBe(expected === "allow" ? "key-pair" : "SignatureMismatch");
    },
  );
});

type Change = (name: string, value: string) => string;

function withHeaders(request: SignedRequest, change: Change): SignedRequest {
  const lines = [...request.headers.names()].map((name) => {
    return [name, change(name, request.headers.single(name) ?? "")] as const;
  });
  return { ...request, headers: new HeaderLines(lines) };
}

describe("a captured request is denied with", () => {
  const cases: Record<string, [Change, string]> = {
    "another date": [
      (name, value) => (name === "date" ? value.replace(/\d\d GMT$/, "59 GMT") : value),
      "SignatureMismatch",
    ],
    "a date that is listed no longer": [
      (name, value) => (name === "authorization" ? value.replace(/ ?date"/, '"') : value),
      "DateInvalid",
    ],
    "a longer list of signed headers": [
      (name, value) => (name === "authorization" ? value.replace('headers="', 'headers="host ') : value),
      "SignatureMismatch",
    ],
    "another algorithm": [
      (name, value) => (name === "authorization" ? value.replace("sha1", "sha256") : value),
      "SignatureMismatch",
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [change, expected]) => {
    for (const { raw, capturedAt } of allowed)
      expect(outcome(withHeaders(parseRaw(raw), change), secret, Date.parse(capturedAt))).toBe(expected);
  });

  test("a time of receipt that is more than 15 minutes later", () => {
    for (const { raw, capturedAt } of allowed)
      expect(outcome(parseRaw(raw), secret, Date.parse(capturedAt) + 901_000)).toBe("DateOutOfWindow");
  });
});
