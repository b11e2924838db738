import { expect, test } from "@jest/globals";
import { Denial, HeaderLines, schemeNamed } from "../../../../src/signing/scheme.ts";

const scheme = schemeNamed("Tencent");

/** The nonce that a request signs whose Authorization lists these headers. */
function nonceOf(listed: string, lines: readonly (readonly [string, string])[]): string | undefined {
  const authorization = `hmac id="APIDa", algorithm="hmac-sha256", headers="${listed}", signature="AAAA"`;
  const headers = new HeaderLines([...lines, ["authorization", authorization]]);
  const request = {
    method: "GET",
    path: "/",
    authority: "a.example.com",
    headers,
    body: { kind: "none" },
  } as const;
  const presented = scheme.read(request);
  if (!presented || presented instanceof Denial) throw new Error("nothing is presented");
  return scheme.nonce.signed(request, presented);
}

test.each([
  ["listed and sent", "x-date x-apigw-nonce", [["X-Apigw-Nonce", "n-1"]], "n-1"],
  ["listed in capitals", "x-date X-Apigw-Nonce", [["x-apigw-nonce", "n-1"]], "n-1"],
  ["sent without being listed, which anybody could change", "x-date", [["x-apigw-nonce", "n-1"]], undefined],
  ["empty", "x-date x-apigw-nonce", [["x-apigw-nonce", ""]], undefined],
  ["missing", "x-date", [], undefined],
] as const)("the signed nonce of a request where it is %s", (_, listed, lines, expected) => {
  expect(nonceOf(listed, lines)).toBe(expected);
});

test("the denials name the header, with the codes of replay protection", () => {
  const { missing, repeated } = scheme.nonce;
  expect([missing.code, repeated.code]).toEqual(["NonceMissing", "NonceRepeated"]);
  for (const { status, message } of [missing, repeated]) {
    expect(status).toBe(401);
    expect(message).toContain("x-apigw-nonce");
  }
});
