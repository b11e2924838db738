import { createHash } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { OPEN_VARIANTS, PARAMETER_SETTINGS } from "../../../../src/api/vocabulary.ts";
import { hmac, signingKey } from "../../../../src/signing/algorithms.ts";
import type { VerifyHint } from "../../../../src/signing/scheme.ts";
import {
  candidates,
  documentedString,
  isDocumented,
  MAX_CANDIDATES,
  stringOf,
} from "../../../../src/signing/tencent/candidates.ts";
import { FORM } from "./meaning.ts";
import { CONTEXT, type Context, inputOf, requestOf, type Sent, stringsOf, verify } from "./support.ts";

const SECRET = "a-secret-of-24-characters";
const PREFIXES = ["/release", "/test"];
const DATE = "Tue, 24 Nov 2026 09:00:00 GMT";

/** A request of a client that signed this text as its path and parameters. */
interface Case {
  readonly sent: string;
  readonly signed: string;
  readonly method?: string;
  readonly type?: string;
  readonly body?: string;
  /** What the client signed as Content-MD5. */
  readonly md5?: string;
  /** What it sent as Content-MD5. */
  readonly sentMd5?: string;
  readonly context?: Partial<Context>;
}

function decided(
  { sent, signed, method = "GET", type = "", body = "", md5, sentMd5, context }: Case,
  prefixes: Pick<Context, "environmentPrefixes"> = { environmentPrefixes: PREFIXES },
) {
  const text = [`x-date: ${DATE}`, method, "", type, md5 ?? sentMd5 ?? "", signed].join("\n");
  const mac = hmac("hmac-sha1", signingKey(SECRET), text).toString("base64");
  const headers: (readonly [string, string])[] = [["x-date", DATE]];
  if (type !== "") headers.push(["content-type", type]);
  if (sentMd5 !== undefined) headers.push(["content-md5", sentMd5]);
  headers.push(["authorization", `hmac id="k", algorithm="hmac-sha1", headers="x-date", signature="${mac}"`]);
  const environmentPrefix = PREFIXES.find((prefix) => sent === prefix || sent.startsWith(`${prefix}/`)) ?? "";
  return verify({ method, path: sent, headers, body }, SECRET, {
    environmentPrefix,
    ...prefixes,
    parameters: "Auto",
    ...context,
  });
}

const hexOf = (text: string) => createHash("md5").update(text, "latin1").digest("hex");
const base64 = (text: string) => Buffer.from(text, "latin1").toString("base64");
const post = { method: "POST", type: FORM } as const;

describe("accepted is", () => {
  const cases: Record<string, Case> = {
    "an environment that was kept": { sent: "/release/a", signed: "/release/a" },
    "an environment that was cut": { sent: "/release/a", signed: "/a" },
    "an environment alone, cut to nothing": { sent: "/release", signed: "/" },
    "a path signed as empty": { sent: "/?b=1&a=1", signed: "?a=1&b=1" },
    "a path behind an environment signed as empty": { sent: "/test/", signed: "" },
    "a path signed decoded": { sent: "/%E5%8C%97?x=1", signed: "/\xe5\x8c\x97?x=1" },
    "a path signed decoded with its environment": { sent: "/test/a%20b", signed: "/test/a b" },
    "a path behind two environments, kept": { sent: "/test/release/a", signed: "/test/release/a" },
    "parameters sorted as pairs": { sent: "/a?a=1&a-b=2", signed: "/a?a-b=2&a=1" },
    "parameters as sent": { sent: "/a?b=%7e&a=1", signed: "/a?b=%7e&a=1" },
    "parameters as sent, sorted by name": { sent: "/a?b=%7e&a=", signed: "/a?a&b=%7e" },
    "an empty value with its equals sign": { sent: "/a?k=&b=1&a=1", signed: "/a?a=1&b=1&k=" },
    "empty items as sent": { sent: "/a?&&b=1&&a=1", signed: "/a?&&b=1&&a=1" },
    "a question mark alone": { sent: "/a", signed: "/a?" },
    "an empty item before the others": { ...post, sent: "/a?b=2&a=1", signed: "/a?&a=1&b=2" },
    "names in numeric order": { sent: "/a?10=a&9=b&b=c", signed: "/a?9=b&10=a&b=c" },
    "names in the order of UTF-16": {
      sent: "/a?%EF%BD%9E=1&%F0%9F%98%80=2",
      signed: "/a?\xf0\x9f\x98\x80=2&\xef\xbd\x9e=1",
    },
    "a form merged with the query": { ...post, sent: "/a?b=1", body: "a=%20", signed: "/a?a= &b=1" },
    "a form as sent under a decoded query": {
      ...post,
      sent: "/a?q=%21",
      body: "a=%20",
      signed: "/a?a=%20&q=!",
    },
    "a form behind a second question mark": {
      ...post,
      sent: "/a?b=%20&a=1",
      body: "c=d",
      signed: "/a?b=%20&a=1?c=d",
    },
    "a form behind an ampersand": { ...post, sent: "/a?b=1&a=1", body: "c=d", signed: "/a?a=1&b=1&c=d" },
    "a form behind an ampersand without a query": { ...post, sent: "/a", body: "c=d", signed: "/a&c=d" },
    "a form with parameters in its type, signed by its MD5": {
      ...post,
      type: `${FORM}; charset=UTF-8`,
      sent: "/a?a=1",
      body: "b=2",
      sentMd5: base64(hexOf("b=2")),
      signed: "/a?a=1",
    },
    "a form whose MD5 was sent": {
      ...post,
      sent: "/a",
      body: "b=2",
      sentMd5: hexOf("b=2"),
      signed: "/a?b=2",
    },
    "the MD5 of nothing, signed but not sent": {
      method: "POST",
      sent: "/a",
      md5: base64(hexOf("")),
      signed: "/a",
    },
    "an MD5 that lost its leading zeros": {
      method: "POST",
      type: "application/json",
      sent: "/a",
      body: '{"n":1}',
      sentMd5: base64(hexOf('{"n":1}').replace(/^0+/, "")),
      signed: "/a",
    },
    "names of an object's own functions": {
      sent: "/__proto__?toString=1&constructor=%20&__proto__=2",
      signed: "/__proto__?__proto__=2&constructor= &toString=1",
    },
    "decoded text that reads as encoded, under Decoded": {
      sent: "/a?q=%2541",
      signed: "/a?q=%41",
      context: { parameters: "Decoded" },
    },
    "decoded text that reads as encoded, under Either": {
      sent: "/a?q=a%2Bb",
      signed: "/a?q=a+b",
      context: { parameters: "Either" },
    },
  };
  test.each(Object.entries(cases))("%s", (_, one) => {
    expect(decided(one)).toMatchObject({ ok: true, openVariants: [] });
  });
});

describe("refused is", () => {
  const cases: Record<string, Case> = {
    "an environment cut anywhere in the path": { sent: "/api/test/x", signed: "/x" },
    "an environment cut as a mere prefix of text": { sent: "/testmock/x", signed: "mock/x" },
    "a path behind two environments, cut": { sent: "/test/release/a", signed: "/release/a" },
    "a path that becomes an environment's when it is decoded": { sent: "/%74est/x", signed: "/test/x" },
    "one behind an environment that does": { sent: "/release/%74est/x", signed: "/release/test/x" },
    "an escaped question mark in a path that was signed decoded": { sent: "/a%3Fb=1", signed: "/a?b=1" },
    "an escaped slash in it": { sent: "/a%2Fb", signed: "/a/b" },
    "an escaped control character in it": { sent: "/a%0Ab", signed: "/a\nb" },
    "an escape that is no UTF-8 in it": { sent: "/a%FF", signed: "/a\xff" },
    "a query that is not signed": { sent: "/a?b=1", signed: "/a" },
    "parameters without their values": { sent: "/a?b=1", signed: "/a?b=undefined" },
    "a decoded name that holds an equals sign": { sent: "/a?a%3Db=1", signed: "/a?a=b=1" },
    "a decoded value that holds an ampersand": { sent: "/a?a=1%26b=2", signed: "/a?a=1&b=2" },
    "a malformed escape that was decoded": {
      sent: "/a?a=%zz%20",
      signed: "/a?a=%zz ",
      context: { parameters: "Decoded" },
    },
    "decoded text that reads as encoded, under Auto": { sent: "/a?q=%2541", signed: "/a?q=%41" },
    "a decoded plus, under Auto": { sent: "/a?q=a%2Bb", signed: "/a?q=a+b" },
    "text as sent, under Decoded": {
      sent: "/a?q=%41",
      signed: "/a?q=%41",
      context: { parameters: "Decoded" },
    },
    "decoded text, under AsSent": { sent: "/a?q=%41", signed: "/a?q=A", context: { parameters: "AsSent" } },
    "P7: a form moved into the query": { ...post, sent: "/a?b=1?c=d", signed: "/a?b=1?c=d" },
    "P7: a form moved into the query, escaped": { ...post, sent: "/a?b=1%3Fc=d", signed: "/a?b=1?c=d" },
    "P7: a form behind an empty query": { ...post, sent: "/a?", body: "c=d", signed: "/a??c=d" },
    "P7: a form moved into the path": { ...post, sent: "/a&c=d", signed: "/a&c=d" },
    "P7: a form behind a second question mark with an item that has no value": {
      ...post,
      sent: "/a?b=1",
      body: "c",
      signed: "/a?b=1?c",
    },
    "a form with parameters in its type, merged though its MD5 was sent": {
      ...post,
      type: `${FORM}; charset=UTF-8`,
      sent: "/a",
      body: "b=2",
      sentMd5: hexOf("b=2"),
      signed: "/a?b=2",
    },
    "P5: a Content-Type that a proxy joined": {
      method: "POST",
      type: "text/plain,text/html",
      sent: "/a",
      signed: "/a",
    },
    "P14: an MD5 that is not the body's": {
      method: "POST",
      type: "text/plain",
      sent: "/a",
      body: "x",
      sentMd5: hexOf("y"),
      signed: "/a",
    },
  };
  test.each(Object.entries(cases))("%s", (_, one) => {
    expect(decided(one).ok).toBe(false);
  });
});

test("P12: only the documented path is accepted where the host's environments are not known", () => {
  expect(decided({ sent: "/release/a", signed: "/a" }, {}).ok).toBe(true);
  expect(decided({ sent: "/release/a", signed: "/release/a" }, {}).ok).toBe(false);
  expect(decided({ sent: "/a%20b", signed: "/a b" }, {}).ok).toBe(false);
});

describe("a form that leaves something open is accepted only where it is named:", () => {
  const cases: Record<string, [(typeof OPEN_VARIANTS)[number], Case]> = {
    "the first value of a repeated name": ["RepeatedNames", { sent: "/a?k&a=2&a=1", signed: "/a?a=2&k" }],
    "the last value of a repeated name": ["RepeatedNames", { sent: "/a?a=2&a=1", signed: "/a?a=1" }],
    "the form's value of a name that both have": [
      "RepeatedNames",
      { ...post, sent: "/a?a=q&c=3", body: "a=f", signed: "/a?a=f&c=3" },
    ],
    "values joined by commas": ["JoinedValues", { sent: "/a?z=&a=2&a=1", signed: "/a?a=2,1&z" }],
    "a zero signed as empty": ["ZeroIsEmpty", { sent: "/a?a=0&b=00", signed: "/a?a&b=00" }],
    "a form that is not signed": [
      "FormNotSigned",
      { ...post, sent: "/a?b=1", body: "c=d", signed: "/a?b=1" },
    ],
    "a body of PUT that is not signed": [
      "BodyNotSigned",
      { method: "PUT", type: "text/plain", sent: "/a", body: "x", signed: "/a" },
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [variant, one]) => {
    expect(decided(one).ok).toBe(false);
    const others = OPEN_VARIANTS.filter((other) => other !== variant);
    expect(decided({ ...one, context: { openVariants: others } }).ok).toBe(false);
    expect(decided({ ...one, context: { openVariants: [variant] } })).toMatchObject({
      ok: true,
      openVariants: [variant],
    });
  });

  test("the first value of a repeated name among more than a hundred parameters", () => {
    const names = Array.from({ length: 101 }, (_, at) => `p${100 + at}`);
    const sent = `/a?${names.map((name) => `${name}=%20`).join("&")}&p100=2`;
    const signed = `/a?${names.map((name) => `${name}= `).join("&")}`;
    expect(decided({ sent, signed }).ok).toBe(false);
    expect(decided({ sent, signed, context: { openVariants: ["RepeatedNames"] } }).ok).toBe(true);
  });

  test("P14: the body of a POST is never left open, unless it is a form", () => {
    const one = { method: "POST", type: "text/plain", sent: "/a", body: "x", signed: "/a" };
    expect(decided({ ...one, context: { openVariants: OPEN_VARIANTS } }).ok).toBe(false);
  });
  test("P14: nor is a body whose Content-MD5 is false", () => {
    const one = {
      method: "PUT",
      type: "text/plain",
      sent: "/a",
      body: "x",
      sentMd5: hexOf("y"),
      signed: "/a",
    };
    expect(decided({ ...one, context: { openVariants: OPEN_VARIANTS } }).ok).toBe(false);
  });
});

test("a form behind the query is not accepted as it was sent where parameters are signed decoded", () => {
  const one = { ...post, sent: "/a?b=1", body: "c=%20", signed: "/a?b=1?c=%20" };
  expect(decided({ ...one, context: { parameters: "Auto" } }).ok).toBe(true);
  expect(decided({ ...one, context: { parameters: "Decoded" } }).ok).toBe(false);
});

describe("the strings to try", () => {
  const strings = (sent: Sent, context: Partial<Context> = {}, hint?: VerifyHint) =>
    stringsOf(
      requestOf({ ...sent, headers: [["x-date", "d"], ...sent.headers] }),
      { ...CONTEXT, environmentPrefixes: PREFIXES, ...context },
      ["x-date"],
      hint,
    ).map(({ variant, stringToSign }) => ({ variant, form: variant.name, stringToSign }));
  const request: Sent = { method: "GET", path: "/a?b=2&a-b=1&a=%20", headers: [] };
  const variant = strings(request).find(({ form }) => form === "as-sent-pairs")?.variant;

  test("begin with the documented one", () => {
    expect(strings(request)[0]).toMatchObject({ form: "documented" });
  });
  test("begin with the form that last verified for the key", () => {
    const remembered = strings(request, {}, { variant });
    expect(remembered[0]).toMatchObject({ form: "as-sent-pairs" });
    expect(new Set(remembered.map(({ stringToSign }) => stringToSign))).toEqual(
      new Set(strings(request).map(({ stringToSign }) => stringToSign)),
    );
  });
  test("are the documented and the remembered one alone for a key that fails too often", () => {
    const forms = strings(request, {}, { variant, likelyOnly: true });
    expect(new Set(forms.map(({ form }) => form))).toEqual(new Set(["as-sent-pairs", "documented"]));
    const documented = strings(request, {}, { likelyOnly: true });
    expect(new Set(documented.map(({ form }) => form))).toEqual(new Set(["documented"]));
  });
  test("are at most 128, each once, however hostile the request", () => {
    const query = "9=%20&10=0&a=1&a=2&%C3%A9=0&a-b=%7E&=&k&k=";
    const hostile = {
      method: "POST",
      path: `/release/%C3%A9?${query}`,
      headers: [["content-type", FORM]],
    } as const;
    const all = strings(
      { ...hostile, body: query },
      { environmentPrefix: "/release", openVariants: OPEN_VARIANTS, parameters: "Either" },
    ).map(({ stringToSign }) => stringToSign);
    expect(all).toHaveLength(MAX_CANDIDATES);
    expect(new Set(all).size).toBe(MAX_CANDIDATES);
  });
  test("hold at most 8 MiB behind the first two", () => {
    const path = `/a?b=${"%20".repeat(1_500_000)}&a=1`;
    const lengths = strings({ method: "GET", path, headers: [] }).map(
      ({ stringToSign }) => stringToSign.length,
    );
    expect(lengths.slice(2).reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(8 * 1024 * 1024);
    expect(lengths.length).toBeGreaterThanOrEqual(2);
  });
  test("are of three recipes for more than a thousand parameters", () => {
    const path = `/a?${"b=%20&a=1&".repeat(600)}`;
    const forms = strings({ method: "GET", path, headers: [] }).map(({ form }) => form);
    expect(new Set(forms)).toEqual(new Set(["documented", "as-sent", "exact"]));
  });
});

/** Any bytes, and what the parts of a request are cut at, in path, query, type and body. */
const bytes = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
});
const tokens = fc.constantFrom(
  "a",
  "=",
  "&",
  "?",
  "%",
  "%2",
  "%41",
  "+",
  "/",
  "\xff",
  "\n",
  "0",
  "__proto__",
);
const anyText = fc.oneof(
  bytes,
  fc.array(tokens).map((parts) => parts.join("")),
);
const type = fc.oneof(anyText, fc.constantFrom(FORM, `${FORM};x`, "multipart/form-data; boundary=x"));
const setting = fc.constantFrom(...PARAMETER_SETTINGS);
const anyRequest = fc
  .record({
    path: anyText,
    contentType: type,
    body: anyText,
    parameters: setting,
    open: fc.subarray([...OPEN_VARIANTS]),
  })
  .map(({ path, contentType, body, parameters, open }) => ({
    request: requestOf({
      ...{ method: "PUT", path, body },
      headers: [
        ["x-date", "d"],
        ["x-source", "s"],
        ["content-type", contentType],
      ],
    }),
    context: { environmentPrefix: "", environmentPrefixes: ["/a"], parameters, openVariants: open },
  }));

test("any bytes in path, query, type and body are answered with strings, never with an exception", () => {
  fc.assert(
    fc.property(anyRequest, ({ request, context }) => {
      expect(stringsOf(request, context).length).toBeLessThanOrEqual(MAX_CANDIDATES);
    }),
  );
});

test("the candidate that is taken for the documented string is that string", () => {
  fc.assert(
    fc.property(anyRequest, ({ request, context }) => {
      const of = inputOf(request, context, undefined, ["x-source", "x-date"]);
      const found = [...candidates(of)].filter(({ variant }) => isDocumented(variant));
      const expected = found.length === 0 ? [] : [documentedString(of, "")];
      expect(found.map(({ stringToSign }) => stringToSign)).toEqual(expected);
    }),
  );
});

test("a target that is written already changes no string", () => {
  fc.assert(
    fc.property(anyRequest, fc.nat(), ({ request, context }, at) => {
      const all = stringsOf(request, context);
      const variant = all[at % all.length]?.variant;
      const of = inputOf(request, context, { variant });
      const first = variant && stringOf(variant, of);
      expect([...candidates(of, first?.written)]).toEqual([...candidates(of)]);
    }),
  );
});
