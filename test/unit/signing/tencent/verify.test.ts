import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { HMAC_ALGORITHMS } from "../../../../src/api/vocabulary.ts";
import { signingKey } from "../../../../src/signing/algorithms.ts";
import { parseAuthorization } from "../../../../src/signing/hmacAuthorization/authorizationHeader.ts";
import { isDenial } from "../../../../src/signing/scheme.ts";
import { sign } from "../../../../src/signing/tencent/sign.ts";
import { CONTEXT, requestOf, type Sent, verify, verifyParsed } from "./support.ts";

const SECRET = "s3cr3t-s3cr3t-s3cr3t";
const NOW = new Date("2026-11-24T09:00:00Z");

function signedBy(sent: Sent, algorithm = "hmac-sha256", more: readonly string[] = [], prefix = ""): Sent {
  const body = sent.body === undefined ? {} : { body: Buffer.from(sent.body, "latin1") };
  const request = {
    method: sent.method,
    path: sent.path,
    authority: "api.example.com",
    headers: sent.headers,
    ...body,
  };
  const signed = sign(
    { ...request, environmentPrefix: prefix },
    { keyId: "APIDkey", secret: SECRET, algorithm },
    NOW,
    more,
  );
  return { ...sent, headers: [...sent.headers, ...signed.headers] };
}

const JSON_POST: Sent = {
  method: "POST",
  path: "/orders?b=2&a=1",
  headers: [
    ["accept", "*/*"],
    ["content-type", "application/json"],
    ["source", "x"],
  ],
  body: '{"a":1}',
};
const FORM_POST: Sent = {
  method: "POST",
  path: "/orders?b=2",
  headers: [["content-type", "application/x-www-form-urlencoded; charset=utf-8"]],
  body: "c=3&a=%20x",
};

describe("what sign() signs is verified", () => {
  test.each(HMAC_ALGORITHMS)("with %s", (algorithm) => {
    expect(verify(signedBy(JSON_POST, algorithm), SECRET)).toMatchObject({ ok: true, form: "documented" });
  });
  test("for a form", () => {
    expect(verify(signedBy(FORM_POST), SECRET)).toMatchObject({ ok: true, form: "documented" });
  });
  test("with further headers, host among them", () => {
    expect(verify(signedBy(JSON_POST, "hmac-sha1", ["source", "host"]), SECRET)).toMatchObject({
      ok: true,
      form: "documented",
    });
  });
  test("with the environment's prefix cut", () => {
    const sent = signedBy({ ...JSON_POST, path: "/test/orders" }, "hmac-sha1", [], "/test");
    expect(verify(sent, SECRET, { environmentPrefix: "/test", parameters: "Auto" })).toMatchObject({
      ok: true,
      form: "documented",
    });
  });
  test("for any query of text", () => {
    const value = fc.string({ unit: "grapheme", maxLength: 8 }).filter((text) => !/[+&=%?]/.test(text));
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { maxLength: 6 }), (pairs) => {
        const query = pairs
          .map(([name, text]) => `${encodeURIComponent(name)}=${encodeURIComponent(text)}`)
          .join("&");
        expect(verify(signedBy({ method: "GET", path: `/a?${query}`, headers: [] }), SECRET).ok).toBe(true);
      }),
    );
  });
});

const replaced = (sent: Sent, name: string, value: string): Sent => ({
  ...sent,
  headers: sent.headers.map(([header, old]) => [header, header === name ? value : old]),
});

describe("a request is denied when after signing", () => {
  const json = signedBy(JSON_POST, "hmac-sha256", ["source"]);
  const form = signedBy(FORM_POST);
  const cases: Record<string, Sent> = {
    "its method changed": { ...json, method: "PUT" },
    "its method is in lower case": { ...json, method: "post" },
    "its path changed": { ...json, path: "/order?b=2&a=1" },
    "a parameter changed": { ...json, path: "/orders?b=2&a=2" },
    "a parameter came": { ...json, path: "/orders?b=2&a=1&c=" },
    "a parameter went": { ...json, path: "/orders?b=2" },
    "its body changed": { ...json, body: '{"a":2}' },
    "P14: its body went": { ...json, body: "" },
    "a signed header changed": replaced(json, "source", "y"),
    "Accept changed": replaced(json, "accept", "text/html"),
    "Content-Type changed": replaced(json, "content-type", "text/plain"),
    "Content-MD5 is another spelling's": replaced(json, "content-md5", "e30="),
    "a form field changed": { ...form, body: "c=4&a=%20x" },
    "a form field came": { ...form, body: "c=3&a=%20x&z=1" },
    "P14: a body was added to a request without one": { ...signedBy({ ...JSON_POST, body: "" }), body: "x" },
    "P14: a body was added under an empty Content-MD5": {
      ...signedBy({ ...JSON_POST, body: "" }),
      body: "x",
      headers: [...signedBy({ ...JSON_POST, body: "" }).headers, ["content-md5", ""]],
    },
    "P7: a delimiter was hidden in a value": { ...json, path: "/orders?b=2%26a%3D1" },
    "P7: a value is escaped twice": signedBy({ ...JSON_POST, path: "/orders?q=a%2520b" }),
    "P5: Content-Type came twice": replaced(json, "content-type", "application/json,application/json"),
  };
  test.each(Object.entries(cases))("%s", (_, sent) => {
    expect(verify(sent, SECRET).ok).toBe(false);
  });

  test("one bit of it flipped, anywhere in path, query or body", () => {
    const flip = (text: string, at: number, bit: number) => {
      const bytes = Buffer.from(text, "latin1");
      bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at);
      return bytes.toString("latin1");
    };
    const part = fc.constantFrom("path" as const, "body" as const);
    fc.assert(
      fc.property(part, fc.nat(), fc.integer({ min: 0, max: 7 }), (name, at, bit) => {
        const old = name === "path" ? json.path : (json.body ?? "");
        const changed = flip(old, at % old.length, bit);
        expect(verify({ ...json, [name]: changed }, SECRET).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});

describe("what the scheme leaves open", () => {
  const sent = signedBy({ method: "GET", path: "/orders?b=2&a=1&a=0&e=", headers: [] });
  test.each(["/orders?a=1&a=0&b=2&e=", "/orders?a=0&a=1&b=2&e", "/orders?&a=0&a=1&b=2&e"])(
    "verifies %s as well",
    (path) => {
      expect(verify({ ...sent, path }, SECRET).ok).toBe(true);
    },
  );
});

test("header lines verify in the order of the list too", () => {
  const sent = signedBy({ method: "GET", path: "/", headers: [["a", "1"]] }, "hmac-sha256", ["a"]);
  const swapped = sent.headers.map(([name, value]) => [name, value.replace("a x-date", "x-date a")] as const);
  expect(verify({ ...sent, headers: swapped }, SECRET).ok).toBe(true);
});

test("the server's string to sign quotes what was sent and shows LF as #", () => {
  const result = verify(
    { ...signedBy({ method: "GET", path: "/a?x=1", headers: [] }), path: "/a?x=2" },
    SECRET,
  );
  expect(result.ok ? "" : result.denial.message).toBe(
    "HMAC signature does not match, Server StringToSign:x-date: Tue, 24 Nov 2026 09:00:00 GMT#GET####/a?x=2",
  );
});

test("P13: a body whose bytes are not certain is refused with its own code", () => {
  const sent = signedBy(JSON_POST);
  const parsed = parseAuthorization(sent.headers.find(([name]) => name === "authorization")?.[1] ?? "");
  if (isDenial(parsed)) throw new Error("the signed request has no Authorization");
  const request = { ...requestOf(sent), body: { kind: "unverifiable", why: "it was truncated" } } as const;
  expect(verifyParsed(request, parsed, signingKey(SECRET), CONTEXT)).toMatchObject({
    ok: false,
    denial: { status: 400, code: "BodyUnverifiable" },
  });
});

test("P33: more than 10,000 parameters are refused with their own code", () => {
  const sent = signedBy({ method: "GET", path: `/a?${"a&".repeat(10_001)}`, headers: [] });
  expect(verify(sent, SECRET)).toMatchObject({
    ok: false,
    denial: { status: 400, code: "TooManyParameters" },
  });
});
