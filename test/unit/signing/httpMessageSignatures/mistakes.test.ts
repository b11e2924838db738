import { createHmac, createSign } from "node:crypto";
import { expect, test } from "@jest/globals";
import { mistakes } from "../../../../src/signing/httpMessageSignatures/mistakes.ts";
import { signatureBase } from "../../../../src/signing/httpMessageSignatures/signatureBase.ts";
import { readSignature } from "../../../../src/signing/httpMessageSignatures/signatureInput.ts";
import { DOCUMENTED } from "../../../../src/signing/httpMessageSignatures/variants.ts";
import { isDenial, signingKey } from "../../../../src/signing/scheme.ts";
import { GET, inputOf, KEYS, NOW, requestOf, SECRET, type Sent } from "./support.ts";

const PARAMETERS = `;created=${NOW / 1_000};keyid="k"`;
const INPUT = `("@method" "@authority" "@path" "@query")${PARAMETERS}`;

/** The hints for a caller that makes its signature of the right base in its own way. */
function hintsFor(sent: Sent, sign: (base: string) => Buffer, key = KEYS["hmac-sha256"].key, input = INPUT) {
  const base = signatureBase(requestOf(sent), inputOf(`sig=${input}`), DOCUMENTED);
  const headers: Sent["headers"] = [
    ...sent.headers,
    ["signature-input", `sig=${input}`],
    ["signature", `sig=:${sign(base).toString("base64")}:`],
  ];
  const request = requestOf({ ...sent, headers });
  const presented = readSignature(request.headers);
  if (!presented || isDenial(presented)) throw new Error("the request presents nothing");
  return mistakes({ request, presented, key, place: { environmentPrefix: "" }, settings: {} });
}

const mac = (text: string, key: string | Buffer = SECRET) =>
  createHmac("sha256", key).update(text, "latin1").digest();
const hasHint = (text: string) => [expect.stringContaining(text)];

test("a line feed behind the last line is named", () => {
  expect(hintsFor(GET, (base) => mac(`${base}\n`))).toEqual(hasHint("line feed"));
});

test("a query without its question mark is named", () => {
  expect(hintsFor(GET, (base) => mac(base.replace('"@query": ?', '"@query": ')))).toEqual(
    hasHint("begins with ?"),
  );
});

test("a query in the path is named", () => {
  expect(hintsFor(GET, (base) => mac(base.replace('"@path": /orders', `"@path": ${GET.path}`)))).toEqual(
    hasHint('part of "@path"'),
  );
});

test.each([
  ["@path", INPUT, '"@path": /a%20b', '"@path": /a b'],
  ["@request-target", `("@method" "@authority" "@request-target")${PARAMETERS}`, "/a%20b?c=1", "/a b?c=1"],
])("a decoded path in %s is named", (_, input, from, to) => {
  const sent = { ...GET, path: "/a%20b?c=1" };
  const hints = hintsFor(sent, (base) => mac(base.replace(from, to)), KEYS["hmac-sha256"].key, input);
  expect(hints).toEqual(hasHint("escapes decoded"));
});

test.each([
  ["base64", "YWJjZGVmZ2hpamtsbW5vcA==", Buffer.from("abcdefghijklmnop")],
  ["hex", "00112233445566778899aabbccddeeff", Buffer.from("00112233445566778899aabbccddeeff", "hex")],
])("a secret that was decoded as %s is named", (form, secret, bytes) => {
  expect(hintsFor(GET, (base) => mac(base, bytes), signingKey(secret))).toEqual(hasHint(`as ${form}`));
});

test("an ECDSA signature in ASN.1 is named", () => {
  const { key, secret } = KEYS["ecdsa-p256-sha256"];
  const hints = hintsFor(GET, (base) => createSign("sha256").update(base, "latin1").sign(secret), key);
  expect(hints).toEqual(hasHint("ASN.1"));
});

test("nothing is named that explains nothing", () => {
  expect(hintsFor(GET, () => Buffer.alloc(32))).toEqual([]);
  expect(hintsFor(GET, () => Buffer.alloc(64), KEYS.ed25519.key)).toEqual([]);
  expect(hintsFor(GET, () => Buffer.alloc(64), KEYS["ecdsa-p256-sha256"].key)).toEqual([]);
});
