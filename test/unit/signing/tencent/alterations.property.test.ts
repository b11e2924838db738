import { createHash } from "node:crypto";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { hmac, signingKey } from "../../../../src/signing/algorithms.ts";
import type { SignedRequest } from "../../../../src/signing/scheme.ts";
import { FORM, meaning, PREFIXES, type Shape } from "./meaning.ts";
import { authorizationOver, type Context, requestOf, stringsOf, verifyParsed } from "./support.ts";

/** A whole request: what forms differ in, and what is signed as it is. */
interface Whole extends Shape {
  readonly method: string;
  readonly accept: string;
  readonly note: string;
}

const KEY = signingKey("a-secret");
const SETTINGS = ["Auto", "Decoded", "AsSent", "Either"] as const;
const WORDS = [
  "a",
  "b",
  "1",
  "=",
  "&",
  "?",
  "+",
  "%20",
  "%2B",
  "%25",
  "%26",
  "%3D",
  "%C3%A9",
  "é",
  "__proto__",
  "constructor",
  "toString",
];
const STEPS = ["a", "r", "t", "/", "&", "=", "%61", "%3F", "%2F", "%25", "+", ";", "__proto__"];
const TYPES = [FORM, `${FORM};charset=utf-8`, "application/json", "multipart/form-data; boundary=b", ""];
const METHODS = ["GET", "POST", "PUT", "DELETE"];

const text = (words: readonly string[], maxLength: number) =>
  fc
    .array(fc.constantFrom(...words), { maxLength })
    .map((parts) => Buffer.from(parts.join("")).toString("latin1"));
const whole: fc.Arbitrary<Whole> = fc
  .record({
    method: fc.constantFrom(...METHODS),
    accept: fc.constantFrom("", "*/*", "application/json"),
    note: text(["x", " ", ",", "é"], 4).map((note) => note.trim()),
    path: text(STEPS, 5).map((path) => `/${path}`),
    query: fc.option(text([...WORDS, "a=1", "&b=2"], 6), { nil: undefined }),
    body: text([...WORDS, "a=1", "&b=2"], 6),
    contentType: fc.constantFrom(...TYPES),
    sent: fc.boolean(),
  })
  .map(({ sent, ...shape }) => ({
    ...shape,
    ...(sent && shape.body !== "" ? { md5: md5Of(shape.body) } : {}),
  }));
const noted = "x-note x-date".split(" ");

/** One thing about a request is changed by somebody who does not have the key; the Content-MD5 stays, or is made true again. */
const alteration = fc.record({
  field: fc.constantFrom("method", "accept", "note", "path", "query", "body", "contentType"),
  at: fc.nat(20),
  cut: fc.nat(2),
  put: fc.oneof(fc.constantFrom(...WORDS, ...STEPS, ""), fc.string({ unit: "binary-ascii", maxLength: 2 })),
  choice: fc.nat(10),
  isMd5Mended: fc.boolean(),
});
type Alteration = typeof alteration extends fc.Arbitrary<infer Value> ? Value : never;

function altered(sent: Whole, { field, at, cut, put, choice, isMd5Mended }: Alteration): Whole {
  const splice = (before: string) =>
    before.slice(0, at) + put.replaceAll(/[\r\n\0]/g, "") + before.slice(at + cut);
  const changes: Readonly<Record<string, Partial<Whole>>> = {
    method: { method: METHODS[choice % METHODS.length] ?? "GET" },
    accept: { accept: splice(sent.accept) },
    note: { note: splice(sent.note).trim() },
    path: { path: `/${splice(sent.path).replace(/^\/*/, "").replaceAll("?", "")}` },
    query: { query: splice(sent.query ?? "") },
    body: { body: splice(sent.body) },
    contentType: { contentType: TYPES[choice % TYPES.length] ?? "" },
  };
  const result = { ...sent, ...changes[field] };
  return isMd5Mended && result.md5 !== undefined ? { ...result, md5: md5Of(result.body) } : result;
}

test.each(SETTINGS)(
  "under %s a request verifies in every variant, and in no variant when altered so that an upstream could understand it differently",
  (setting) => {
    let [verified, refused] = [0, 0];
    fc.assert(
      fc.property(whole, fc.array(alteration, { minLength: 1, maxLength: 6 }), (sent, alterations) => {
        const request = requestFor(sent);
        const context = contextFor(sent, setting);
        for (const { stringToSign, variant } of stringsOf(request, context, noted)) {
          const authorization = authorizationOver(noted, hmac("hmac-sha256", KEY, stringToSign));
          const passes = (one: Whole) =>
            verifyParsed(requestFor(one), authorization, KEY, contextFor(one, setting)).ok;
          if (!passes(sent)) continue;
          verified += 1;
          for (const other of alterations.map((one) => altered(sent, one))) {
            if (wholeMeaning(other, setting) === wholeMeaning(sent, setting)) continue;
            refused += 1;
            if (passes(other))
              throw new Error(
                `signed as ${variant.name}: ${JSON.stringify(sent)} passes as ${JSON.stringify(other)}`,
              );
          }
        }
      }),
      { numRuns: 150 },
    );
    expect(verified).toBeGreaterThan(300);
    expect(refused).toBeGreaterThan(500);
  },
);

function requestFor({ method, accept, note, path, query, body, contentType, md5 }: Whole): SignedRequest {
  const headers: (readonly [string, string])[] = [
    ["x-date", "d"],
    ["x-note", note],
    ["accept", accept],
    ["content-type", contentType],
    ...(md5 === undefined ? [] : [["content-md5", md5] as const]),
  ];
  return requestOf({ method, path: query === undefined ? path : `${path}?${query}`, headers, body });
}

function contextFor({ path }: Whole, parameters: (typeof SETTINGS)[number]): Context {
  const environmentPrefix = PREFIXES.find((one) => path === one || path.startsWith(`${one}/`)) ?? "";
  return { environmentPrefix, environmentPrefixes: PREFIXES, parameters };
}

function wholeMeaning(one: Whole, setting: (typeof SETTINGS)[number]): string {
  return [one.method, one.accept, one.note, meaning(one, setting)].join("\n");
}

function md5Of(body: string): string {
  const hex = createHash("md5").update(body, "latin1").digest("hex");
  return Buffer.from(hex).toString("base64");
}
