import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, jest, test } from "@jest/globals";
import type { SignedRequest } from "../../../../src/signing/scheme.ts";

const crypto = await import("node:crypto");
/** The lengths of each pair that timingSafeEqual has compared. */
const compared: (readonly [number, number])[] = [];
jest.unstable_mockModule("node:crypto", () => ({
  ...crypto,
  timingSafeEqual: (a: Buffer, b: Buffer) => {
    compared.push([a.length, b.length]);
    return crypto.timingSafeEqual(a, b);
  },
}));
const { matches } = await import("../../../../src/signing/tencent/verify.ts");
const { hmac, signingKey } = await import("../../../../src/signing/algorithms.ts");
const { HeaderLines } = await import("../../../../src/signing/scheme.ts");
const { sign } = await import("../../../../src/signing/tencent/sign.ts");
const { authorizationOver, CONTEXT, verifyParsed } = await import("./support.ts");

const key = signingKey("secret");
/** A signature with one bit changed in one byte. */
const flipped = (signature: Buffer, at: number) =>
  Buffer.from(signature.map((byte, index) => (index === at ? byte ^ 1 : byte)));

describe("P19: a signature is compared in constant time", () => {
  const good = hmac("hmac-sha256", key, "text");
  const compare = (signature: Buffer) => {
    compared.length = 0;
    return matches("text", { presented: authorizationOver([], signature), key });
  };

  test.each([
    ["the right one", good, true],
    ["one whose first byte differs", flipped(good, 0), false],
    ["one whose last byte differs", flipped(good, 31), false],
  ] as const)("%s goes through timingSafeEqual, whole", (_, signature, expected) => {
    expect(compare(signature)).toBe(expected);
    expect(compared).toEqual([[32, 32]]);
  });

  test("P16: one of another length is denied before the comparison, and never cut", () => {
    for (const signature of [good.subarray(0, 20), Buffer.alloc(0), Buffer.concat([good, good])])
      expect([compare(signature), compared]).toEqual([false, []]);
  });

  test("no module but those that sign and verify computes a signature", () => {
    const root = new URL("../../../../src/", import.meta.url);
    const using = (readdirSync(root, { recursive: true }) as string[])
      .filter((name) => name.endsWith(".ts"))
      .filter((name) => /\b(?:hmac|createHmac|macOf)\(/.test(readFileSync(new URL(name, root), "utf8")));
    expect(using.toSorted()).toEqual([
      "signing/algorithms.ts",
      "signing/alibaba/sign.ts",
      "signing/hmacKey.ts",
      "signing/httpMessageSignatures/signatureAlgorithms.ts",
      "signing/tencent/sign.ts",
      "signing/tencentKeyPair/sign.ts",
    ]);
  });
});

describe("P19: verifySignature compares in constant time", () => {
  const lines = [["accept", "*/*"]] as const;
  const target = { method: "GET", path: "/orders?a=1&b=2", authority: "api.example.com" };
  const credentials = { keyId: "k", secret: "secret", algorithm: "hmac-sha256" };
  const signed = sign({ ...target, headers: lines }, credentials, new Date(0));
  const headers = new HeaderLines([...lines, ...signed.headers]);
  const request: SignedRequest = { ...target, headers, body: { kind: "none" } };
  const good = hmac("hmac-sha256", key, signed.stringToSign);

  /** How many comparisons there were; each must have been of two whole digests. */
  function verify(signature: Buffer) {
    compared.length = 0;
    const { ok } = verifyParsed(request, authorizationOver(["x-date"], signature), key, CONTEXT);
    return { ok, comparisons: compared.length, isWhole: compared.every(([a, b]) => a === 32 && b === 32) };
  }

  test("with one comparison for the right signature of the first string to sign", () => {
    expect(verify(good)).toEqual({ ok: true, comparisons: 1, isWhole: true });
  });

  test("with the same number of comparisons for any wrong signature", () => {
    const [first, last, all] = [
      verify(flipped(good, 0)),
      verify(flipped(good, 31)),
      verify(Buffer.alloc(32)),
    ];
    expect(first).toMatchObject({ ok: false, isWhole: true });
    expect(first.comparisons).toBeGreaterThan(1);
    expect([last, all]).toEqual([first, first]);
  });
});
