import { createHmac } from "node:crypto";
import { inspect } from "node:util";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { HMAC_ALGORITHMS } from "../../../src/api/vocabulary.ts";
import { hmac, signingKey } from "../../../src/signing/algorithms.ts";
import { HmacKey } from "../../../src/signing/hmacKey.ts";

/** What Node computes with an object of its own, for comparison. */
function expected(algorithm: string, key: Buffer, text: string): string {
  return createHmac(algorithm.replace("hmac-", ""), key).update(text, "latin1").digest("hex");
}

describe.each(HMAC_ALGORITHMS)("%s", (algorithm) => {
  const macOf = (key: Buffer, text: string) => hmac(algorithm, HmacKey.of(key), text).toString("hex");

  test.each([
    ["an empty key", 0, 10],
    ["an empty text", 40, 0],
    ["a key of one block of 64 bytes", 64, 10],
    ["a longer key", 65, 10],
    ["a key of one block of 128 bytes", 128, 10],
    ["a key that is longer still", 129, 10],
    ["the longest text of the short way", 40, 16_384],
    ["a longer text", 40, 16_385],
  ])("%s gives what createHmac() gives", (_, keyBytes, textBytes) => {
    const key = Buffer.alloc(keyBytes, "key \xff", "latin1");
    const text = "text \xff".repeat(textBytes).slice(0, textBytes);
    expect(macOf(key, text)).toBe(expected(algorithm, key, text));
  });

  test("any keys and texts, one after the other, give what createHmac() gives", () => {
    const bytes = fc.uint8Array({ maxLength: 200 }).map((found) => Buffer.from(found));
    fc.assert(
      fc.property(fc.array(fc.tuple(bytes, bytes), { minLength: 1, maxLength: 5 }), (pairs) => {
        for (const [key, text] of pairs) {
          const latin1 = text.toString("latin1");
          expect(macOf(key, latin1)).toBe(expected(algorithm, key, latin1));
        }
      }),
    );
  });
});

test("the key is the UTF-8 of the secret's text", () => {
  expect(signingKey("密钥").reveal()).toEqual(Buffer.from("密钥", "utf8"));
});

test("a key shows its secret in no way of printing", () => {
  const key = signingKey("s3cr3t");
  const shown = [String(key), JSON.stringify({ key }), inspect(key, { showHidden: true }), `${key}`];
  expect(shown.filter((text) => text.includes("s3cr3t"))).toEqual([]);
});
