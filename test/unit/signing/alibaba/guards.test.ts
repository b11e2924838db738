import { createHash } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import type { OpenVariant } from "../../../../src/api/vocabulary.ts";
import { hmac, signingKey } from "../../../../src/signing/algorithms.ts";
import { ALIBABA_CA } from "../../../../src/signing/alibaba/alibabaScheme.ts";
import { HeaderLines, type SignedRequest } from "../../../../src/signing/scheme.ts";
import { outcome, verify } from "./support.ts";

const NOW = Date.parse("2026-11-24T09:00:00Z");
const SECRET = "xca-secret-xca-secret-0001";
const JSON_BODY = '{"sku":7}';

type Lines = readonly (readonly [name: string, value: string])[];

/** A request whose caller signs it as the scheme documents it, without a guard. */
interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Lines;
  readonly body?: string;
  /** Names as X-Ca-Signature-Headers lists them, instead of the x-ca-* headers. */
  readonly listed?: string;
  /** Instead of those that the caller would send. */
  readonly sent?: (lines: Lines) => Lines;
  readonly uncertain?: string;
  readonly open?: readonly OpenVariant[];
  /** The text instead of the one of the documented variant. */
  readonly stringToSign?: string;
}

const OWN: Lines = [
  ["accept", "*/*"],
  ["x-ca-key", "APIDmobile"],
  ["x-ca-timestamp", String(NOW)],
];

function requestOf(one: Sent): SignedRequest {
  const { method = "GET", path = "/orders?a=1", headers = [], body = "", listed = LISTED } = one;
  const own = OWN.filter(([name]) => !headers.some(([other]) => other === name));
  const lines: Lines = [...own, ...headers, ["x-ca-signature-headers", listed]];
  const bytes = Buffer.from(body, "latin1");
  const request = (all: Lines): SignedRequest => ({
    ...{ method, path, authority: "api.example.com" },
    headers: new HeaderLines(all, new Set(one.uncertain === undefined ? [] : [one.uncertain])),
    body: bytes.length > 0 ? { kind: "bytes", bytes } : { kind: "none" },
  });
  const names = listed.split(",").filter((name) => name !== "");
  const presented = {
    ...{ keyId: "APIDmobile", algorithm: "hmac-sha256", signature: Buffer.alloc(32) },
    signedHeaders: { listed: names, names: names.map((name) => name.toLowerCase()) },
  };
  const place = { environmentPrefix: "" };
  const text =
    one.stringToSign ?? ALIBABA_CA.diagnose.documented({ request: request(lines), presented, place });
  const signature = hmac("hmac-sha256", signingKey(SECRET), text).toString("base64");
  const all: Lines = [...lines, ["x-ca-signature", signature]];
  return request(one.sent?.(all) ?? all);
}

const LISTED = "X-Ca-Key,X-Ca-Timestamp";
const md5 = (body: string) => createHash("md5").update(body, "latin1").digest("base64");
const JSON_TYPE = ["content-type", "application/json"] as const;
const FORM_TYPE = ["content-type", "application/x-www-form-urlencoded"] as const;
const further =
  (...more: Lines) =>
  (lines: Lines): Lines => [...lines, ...more];
const changed =
  (name: string, value: string | undefined) =>
  (lines: Lines): Lines =>
    lines.flatMap(([one, old]) =>
      one !== name ? [[one, old] as const] : value === undefined ? [] : [[one, value] as const],
    );
const many = (count: number) => Array.from({ length: count }, (_, at) => `x-h${at}`);
const verdict = (one: Sent) => outcome(requestOf(one), { now: NOW, secret: SECRET, open: one.open ?? [] });

describe("a request is accepted", () => {
  const cases: Record<string, [Sent, string]> = {
    "as documented": [{}, "x-ca"],
    "with 32 signed headers": [
      {
        headers: many(30).map((name) => [name, "1"] as const),
        listed: [LISTED, ...many(30)].join(","),
      },
      "x-ca",
    ],
    "with a body whose Content-MD5 was not sent, but signed": [
      { method: "PUT", headers: [JSON_TYPE, ["content-md5", md5(JSON_BODY)]], body: JSON_BODY },
      "x-ca",
    ],
    "with a body that is not signed, if the Application opens that": [
      {
        ...{ method: "PUT", headers: [JSON_TYPE], body: JSON_BODY, open: ["BodyNotSigned"] },
        stringToSign: `PUT\n*/*\n\napplication/json\n\nX-Ca-Key:APIDmobile\nX-Ca-Timestamp:${NOW}\n/orders?a=1`,
      },
      "x-ca+BodyNotSigned",
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [one, expected]) => {
    expect(verdict(one)).toBe(expected);
  });
});

describe("a request whose signature would match is denied", () => {
  const cases: Record<string, [Sent, string]> = {
    "without X-Ca-Key": [
      { sent: changed("x-ca-key", undefined), listed: "X-Ca-Timestamp" },
      "KeyOrSignatureMissing",
    ],
    "P5: with X-Ca-Key twice": [{ sent: further(["x-ca-key", "APIDother"]) }, "SignedHeaderRepeated"],
    "P5: with X-Ca-Signature twice": [{ sent: further(["x-ca-signature", "AAAA"]) }, "SignedHeaderRepeated"],
    "P5: with X-Ca-Signature-Headers twice": [
      { sent: further(["x-ca-signature-headers", ""]) },
      "SignedHeaderRepeated",
    ],
    "P5: with X-Ca-Signature-Method twice": [
      { sent: further(["x-ca-signature-method", ""], ["x-ca-signature-method", ""]) },
      "SignedHeaderRepeated",
    ],
    "P5: with a signed header twice": [
      { headers: [["x-own", "1"]], listed: `${LISTED},X-Own`, sent: further(["x-own", "2"]) },
      "SignedHeaderRepeated",
    ],
    "P5: with Content-Type twice": [
      { headers: [JSON_TYPE], sent: further(["content-type", "text/plain"]) },
      "SignedHeaderRepeated",
    ],
    "P5: with X-Ca-Stage twice, signed or not": [
      { sent: further(["x-ca-stage", "RELEASE"], ["x-ca-stage", "TEST"]) },
      "SignedHeaderRepeated",
    ],
    "without a header that is listed": [{ listed: `${LISTED},X-Own` }, "SignedHeaderMissing"],
    "P6: when the proxy may have replaced bytes of a listed header": [
      { headers: [["x-own", "1"]], listed: `${LISTED},X-Own`, uncertain: "x-own" },
      "RequestUnverifiable",
    ],
    "P6: when the proxy may have replaced bytes of Accept": [{ uncertain: "accept" }, "RequestUnverifiable"],
    "with a list that names a header twice": [{ listed: `${LISTED},x-ca-key` }, "AuthorizationMalformed"],
    "with a list in which a name is no token": [{ listed: `${LISTED},x own` }, "AuthorizationMalformed"],
    "P33: with a list of more than 32 headers": [
      {
        headers: many(31).map((name) => [name, "1"] as const),
        listed: [LISTED, ...many(31)].join(","),
      },
      "AuthorizationMalformed",
    ],
    "P33: with a list of more than 4 KiB": [
      { listed: `${LISTED},${" ".repeat(4_096)}` },
      "AuthorizationMalformed",
    ],
    "with a signature in another spelling of base64": [
      {
        sent: (lines) =>
          lines.map(([name, value]) => [name, name === "x-ca-signature" ? ` ${value}` : value] as const),
      },
      "AuthorizationMalformed",
    ],
    "P10: with a timestamp of the future": [
      { headers: [["x-ca-timestamp", String(NOW + 901_000)]] },
      "DateOutOfWindow",
    ],
    "P9: with a timestamp in seconds": [
      { headers: [["x-ca-timestamp", String(NOW / 1_000)]] },
      "DateInvalid",
    ],
    "P9: with a timestamp in another notation": [
      { headers: [["x-ca-timestamp", `${NOW / 1_000}e3`]] },
      "DateInvalid",
    ],
    "when its method is in lower case": [{ method: "get" }, "RequestUnverifiable"],
    "when Content-Type holds a comma": [
      { headers: [["content-type", "text/plain, text/html"]] },
      "RequestUnverifiable",
    ],
    "P7: when Accept holds a line feed": [{ headers: [["accept", "a\nb"]] }, "RequestUnverifiable"],
    "P7: when Content-Type holds a line feed": [
      { headers: [["content-type", "a\nb"]] },
      "RequestUnverifiable",
    ],
    "P7: when Date holds a line feed": [{ headers: [["date", "a\nb"]] }, "RequestUnverifiable"],
    "P7: when Content-MD5 holds a line feed": [{ headers: [["content-md5", "a\nb"]] }, "RequestUnverifiable"],
    "P7: when a listed header holds a line feed": [
      { headers: [["x-own", "1\nX-Other:2"]], listed: `${LISTED},X-Own` },
      "RequestUnverifiable",
    ],
    "P33: with more than 10,000 parameters": [
      { path: `/orders?${"a&".repeat(10_000)}` },
      "TooManyParameters",
    ],
    "P14: when an item without name and value was put in front of the signed ones": [
      {
        path: "/orders?=&a=1",
        stringToSign: `GET\n*/*\n\n\n\nX-Ca-Key:APIDmobile\nX-Ca-Timestamp:${NOW}\n/orders?a=1`,
      },
      "SignatureMismatch",
    ],
    "P14: when Content-MD5 is signed, and not that of the body": [
      { method: "PUT", headers: [JSON_TYPE, ["content-md5", md5("other")]], body: JSON_BODY },
      "SignatureMismatch",
    ],
    "P14: when it has a body, and the digest of none was signed": [
      {
        ...{ method: "PUT", headers: [JSON_TYPE], body: JSON_BODY },
        stringToSign: `PUT\n*/*\n\napplication/json\n\nX-Ca-Key:APIDmobile\nX-Ca-Timestamp:${NOW}\n/orders?a=1`,
      },
      "SignatureMismatch",
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [one, expected]) => {
    expect(verdict(one)).toBe(expected);
  });
});

describe("BodyNotSigned opens no more than a body without a signed digest", () => {
  const unsigned = (type: string, more = "") =>
    `POST\n*/*\n\n${type}\n\nX-Ca-Key:APIDmobile\nX-Ca-Timestamp:${NOW}\n/orders?a=1${more}`;
  const open = ["BodyNotSigned"] as const;
  const cases: Record<string, [Sent, string]> = {
    "not a digest that was sent, and left out of the string": [
      {
        ...{ method: "POST", body: JSON_BODY, open, stringToSign: unsigned("application/json") },
        headers: [JSON_TYPE, ["content-md5", md5(JSON_BODY)]],
      },
      "SignatureMismatch",
    ],
    "not a digest that was signed, and is another body's": [
      {
        ...{ method: "POST", body: JSON_BODY, open },
        headers: [JSON_TYPE, ["content-md5", md5("other")]],
      },
      "SignatureMismatch",
    ],
    "not the parameters of a form": [
      { method: "POST", headers: [FORM_TYPE], body: "b=2", open, stringToSign: unsigned(FORM_TYPE[1]) },
      "SignatureMismatch",
    ],
    "and a signed form is reported as signed": [
      {
        ...{ method: "POST", headers: [FORM_TYPE], body: "b=2", open },
        stringToSign: unsigned(FORM_TYPE[1], "&b=2"),
      },
      "x-ca",
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [one, expected]) => {
    expect(verdict(one)).toBe(expected);
  });
});

describe("an X-Ca-Signature", () => {
  test("that is empty presents nothing of the scheme", () => {
    const headers = new HeaderLines([["x-ca-signature", ""]]);
    expect(
      ALIBABA_CA.read({ method: "GET", path: "/", authority: "a", headers, body: { kind: "none" } }),
    ).toBeUndefined();
  });

  test("P13: is not verified when the body is not known for certain", () => {
    const body = { kind: "unverifiable", why: "it was truncated" } as const;
    expect(outcome({ ...requestOf({}), body }, { now: NOW, secret: SECRET })).toBe("BodyUnverifiable");
  });
});

describe("what a request costs is bounded", () => {
  const candidatesOf = (one: Sent) => {
    const request = requestOf(one);
    const presented = ALIBABA_CA.read(request);
    if (!presented || !("signedHeaders" in presented)) throw new Error("the request presents a signature");
    const settings = ALIBABA_CA.defaultSettings;
    const input = { request, presented, key: signingKey(SECRET), place: { environmentPrefix: "" }, settings };
    return [...ALIBABA_CA.diagnose.candidates(input)].length;
  };
  const ESCAPED = "b=%C3%A9&%F0%9F%98%80=1&%EF%BF%BD=1";

  test("P33: of a long query fewer strings are tried", () => {
    expect(candidatesOf({ path: `/%61?${ESCAPED}` })).toBeGreaterThan(4);
    expect(candidatesOf({ path: `/%61?${ESCAPED}&c=${"x".repeat(5 * 2 ** 20)}` })).toBe(3);
  });

  test("P33: of many parameters only what most clients sign is tried", () => {
    const many = Array.from({ length: 1_000 }, (_, at) => `n${at}=1`).join("&");
    expect(candidatesOf({ path: `/o?${ESCAPED}` })).toBeGreaterThan(2);
    expect(candidatesOf({ path: `/o?${ESCAPED}&${many}` })).toBe(2);
  });

  test("P33: for a key that fails too often only the documented string is tried", () => {
    const request = requestOf({
      path: "/orders?a=%20",
      stringToSign: `GET\n*/*\n\n\n\nX-Ca-Key:APIDmobile\nX-Ca-Timestamp:${NOW}\n/orders?a=%20`,
    });
    const presented = ALIBABA_CA.read(request);
    if (!presented || !("signedHeaders" in presented)) throw new Error("the request presents a signature");
    const settings = ALIBABA_CA.defaultSettings;
    const input = { request, presented, key: signingKey(SECRET), place: { environmentPrefix: "" }, settings };
    expect(ALIBABA_CA.verify(input)).toMatchObject({ name: "x-ca+query-as-sent" });
    expect(ALIBABA_CA.verify(input, { likelyOnly: true })).toMatchObject({ code: "SignatureMismatch" });
  });

  test("P33: an error quotes 4 KiB of the string to sign", () => {
    const found = verify(requestOf({ path: `/${"x".repeat(8_192)}`, stringToSign: "" }), {
      now: NOW,
      secret: SECRET,
    });
    expect(found).toMatchObject({ code: "SignatureMismatch" });
    expect((found as { message: string }).message.length).toBeLessThan(4_300);
  });
});

describe("the body to hash in steps", () => {
  const hashed = (one: Sent) => ALIBABA_CA.bodyToHash(requestOf(one))?.toString();
  test.each([
    ["is one that is no form", { headers: [JSON_TYPE], body: "{}" }, "{}"],
    ["is no form", { headers: [FORM_TYPE], body: "b=2" }, undefined],
    [
      "is a form whose digest was sent",
      { headers: [FORM_TYPE, ["content-md5", md5("b=2")]], body: "b=2" },
      "b=2",
    ],
    ["does not exist without a body", {}, undefined],
  ] as const)("%s", (_, one, expected) => {
    expect(hashed(one)).toBe(expected);
  });
});

test("sign() adds Content-MD5 for a body, but not for a form, whose parameters are signed", () => {
  const added = (type: readonly [string, string]) =>
    ALIBABA_CA.sign(
      { method: "POST", path: "/", authority: "a.example", headers: [type], body: Buffer.from("b=2") },
      { keyId: "k", secret: SECRET, algorithm: "hmac-sha256" },
      new Date(NOW),
    ).headers.map(([name]) => name);
  expect(added(JSON_TYPE)).toContain("content-md5");
  expect(added(FORM_TYPE)).not.toContain("content-md5");
});

describe("the nonce of a request", () => {
  const nonceOf = (one: Sent) => {
    const request = requestOf(one);
    const presented = ALIBABA_CA.read(request);
    if (!presented || !("signedHeaders" in presented)) throw new Error("the request presents a signature");
    return ALIBABA_CA.nonce.signed(request, presented);
  };
  const nonce = (value: string): Lines => [["x-ca-nonce", value]];
  test.each([
    ["is the X-Ca-Nonce that is listed", { headers: nonce("n"), listed: `${LISTED},X-Ca-Nonce` }, "n"],
    ["is undefined if X-Ca-Nonce is not listed", { headers: nonce("n") }, undefined],
    [
      "is undefined if X-Ca-Nonce is empty",
      { headers: nonce(""), listed: `${LISTED},X-Ca-Nonce` },
      undefined,
    ],
  ])("%s", (_, one, expected) => {
    expect(nonceOf(one)).toBe(expected);
  });
});
