import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, jest, test } from "@jest/globals";

const crypto = await import("node:crypto");
const compared: (readonly [number, number])[] = [];
jest.unstable_mockModule("node:crypto", () => ({
  ...crypto,
  timingSafeEqual: (a: Buffer, b: Buffer) => {
    compared.push([a.length, b.length]);
    return crypto.timingSafeEqual(a, b);
  },
}));
const { isSignatureOf } = await import("../../../src/signing/verify.ts");
const { hmac, signingKey } = await import("../../../src/signing/algorithms.ts");

const SIGNING = new URL("../../../src/signing", import.meta.url).pathname;

describe("P19: a signature is compared in constant time", () => {
  const key = signingKey("secret");
  const candidate = { form: "documented", stringToSign: "text", openVariants: [] };
  const good = hmac("hmac-sha256", key, "text");
  const flipped = (at: number) => Buffer.from(good.map((byte, index) => (index === at ? byte ^ 1 : byte)));
  const compare = (signature: Buffer) =>
    isSignatureOf(candidate, { keyId: "k", algorithm: "hmac-sha256", signedHeaders: [], signature }, key);

  test.each([
    ["the right one", good, true],
    ["one whose first bit differs", flipped(0), false],
    ["one whose last bit differs", flipped(31), false],
  ] as const)("%s goes through timingSafeEqual, whole", (_, signature, expected) => {
    compared.length = 0;
    expect(compare(signature)).toBe(expected);
    expect(compared).toEqual([[32, 32]]);
  });

  test("P16: one of another length is refused before, and never cut", () => {
    expect([
      compare(good.subarray(0, 20)),
      compare(Buffer.alloc(0)),
      compare(Buffer.concat([good, good])),
    ]).toEqual([false, false, false]);
  });

  test("no other place of the scheme compares a digest by itself", () => {
    const sources = readdirSync(SIGNING).map((name) => readFileSync(join(SIGNING, name), "utf8"));
    expect(sources.filter((text) => /signature\s*(===|!==)/.test(text))).toEqual([]);
  });
});
