import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { OPEN_VARIANTS } from "../../../src/api/vocabulary.ts";
import {
  HeaderLines,
  isDenial,
  SCHEMES,
  type SignedRequest,
  type SigningScheme,
  signingKey,
} from "../../../src/signing/scheme.ts";
import { FORM, meaning } from "./tencent/meaning.ts";

const NOW = Date.parse("2026-11-24T09:00:00Z");
const SECRET = "s3cr3t-s3cr3t-s3cr3t";
const KEY = signingKey(SECRET);
const PAIR = { keyId: "k", secret: SECRET, algorithm: "hmac-sha256" };
/** The attacker's own, to write the headers of a scheme around a signature that is not theirs. */
const OTHER_PAIR = { ...PAIR, secret: "another-secret-another" };

const STRICT = { parameters: "Auto", openVariants: [] };
const WIDE_OPEN = { parameters: "Either", openVariants: OPEN_VARIANTS };

/** A request of which a caller signs everything, the host and two headers of its own included. */
interface Whole {
  readonly method: string;
  readonly authority: string;
  readonly path: string;
  readonly query: string | undefined;
  readonly accept: string;
  readonly contentType: string | undefined;
  readonly mark: string;
  readonly note: string;
  readonly body: string;
}

const METHODS = ["GET", "POST", "PUT", "DELETE", "HOST", "X-NOTE"];
const AUTHORITIES = ["a.example", "b.example", "a.example:8443"];
const TYPES = [undefined, FORM, "application/json", "text/plain"];
const ITEMS = ["a", "b", "=", "&", "?", "+", "%20", "%2B", "%25", "%0A", ":", "a=1", "&b=2"];
const PATHS = ["a", "b", "/", "&", "=", "%61", "%3F", "%20", ":", "@path"];
const NOTES = [
  "a",
  " ",
  ":",
  '"',
  "/",
  "GET",
  "\n",
  '"@method": GET',
  "x-note:",
  "x-date: d",
  "host:",
  "?a=1",
];

/** Between the lines of the two headers, in the string of each scheme. */
const BREAKS = ["\nx-note: ", "\nx-note:", '\n"x-note": '];

const words = (tokens: readonly string[], maxLength: number) =>
  fc.array(fc.constantFrom(...tokens), { maxLength }).map((parts) => parts.join(""));
const whole: fc.Arbitrary<Whole> = fc.record({
  method: fc.constantFrom(...METHODS),
  authority: fc.constantFrom(...AUTHORITIES),
  path: words(PATHS, 3).map((path) => `/${path}`),
  query: fc.option(words(ITEMS, 4), { nil: undefined }),
  accept: words(NOTES, 2),
  contentType: fc.constantFrom(...TYPES),
  mark: words([...NOTES, ...BREAKS], 3),
  note: words([...NOTES, ...BREAKS], 3),
  body: words([...ITEMS, "\n"], 3),
});

/** What somebody without the key makes of a signed request: one field is another, or a piece of the string that was signed. */
const forgery = fc.record({
  field: fc.constantFrom(
    "method",
    "authority",
    "path",
    "query",
    "accept",
    "contentType",
    "mark",
    "note",
    "body",
  ),
  from: fc.option(fc.nat(12), { nil: undefined }),
  lines: fc.integer({ min: 1, max: 6 }),
  other: whole,
});
type Forgery = typeof forgery extends fc.Arbitrary<infer Value> ? Value : never;

function forged(sent: Whole, { field, from, lines, other }: Forgery, signedText: string): Whole {
  if (from === undefined) return { ...sent, [field]: other[field as keyof Whole] };
  const piece = signedText
    .split("\n")
    .slice(from, from + lines)
    .join("\n");
  return { ...sent, [field]: field === "path" ? `/${piece.replaceAll(/[?\n]/g, "")}` : piece };
}

type Lines = readonly (readonly [string, string])[];

/** The same request with the end of one header and the beginning of the next in every other place where they could be. */
function recut(sent: Whole): readonly Whole[] {
  return BREAKS.flatMap((at) => {
    const pieces = `${sent.mark}${at}${sent.note}`.split(at);
    return pieces.slice(1).map((_, cut) => ({
      ...sent,
      mark: pieces.slice(0, cut + 1).join(at),
      note: pieces.slice(cut + 1).join(at),
    }));
  });
}

function own({ accept, contentType, mark, note }: Whole): Lines {
  return [
    ["accept", accept],
    ["x-mark", mark],
    ["x-note", note],
    ...(contentType === undefined ? [] : [["content-type", contentType] as const]),
  ];
}

const COVERED = ["host", "x-mark", "x-note", "accept"];

function targetOf({ path, query }: Whole): string {
  return query === undefined ? path : `${path}?${query}`;
}

/** What the scheme adds to the request, with `host` and the headers covered beside all that it always covers. */
function signed(scheme: SigningScheme, sent: Whole, pair = PAIR) {
  const { method, authority, body } = sent;
  const request = { method, authority, path: targetOf(sent), headers: own(sent) };
  const bytes = Buffer.from(body, "latin1");
  return scheme.sign({ ...request, body: bytes }, pair, new Date(NOW), COVERED);
}

/** The signature in the headers, which all schemes write in base64 of 32 bytes. */
const MAC = /[A-Za-z0-9+/]{43}=(?=:?"?$)/;

function macIn(headers: Lines): string {
  const value = headers.at(-1)?.[1] ?? "";
  const [mac] = MAC.exec(value) ?? [];
  if (mac === undefined) throw new Error(`${value} has no signature`);
  return mac;
}

/** The headers that a scheme adds to a request, with another signature in its place. */
function around(mac: string, scheme: SigningScheme, sent: Whole): Lines {
  const { headers } = signed(scheme, sent, OTHER_PAIR);
  return headers.map(([name, value], at) => [
    name,
    at === headers.length - 1 ? value.replace(MAC, () => mac) : value,
  ]);
}

/** Whether a verifier that allows these schemes accepts the request, by the steps of a decision. */
function isAccepted(sent: Whole, added: Lines, settings: unknown, schemes = SCHEMES): boolean {
  const { method, authority } = sent;
  const bytes = Buffer.from(sent.body, "latin1");
  const request: SignedRequest = {
    ...{ method, authority, path: targetOf(sent) },
    headers: new HeaderLines([...own(sent), ...added]),
    body: bytes.length > 0 ? { kind: "bytes", bytes } : { kind: "none" },
  };
  return schemes.some((scheme) => {
    const presented = scheme.read(request);
    if (presented === undefined || isDenial(presented)) return false;
    if (isDenial(scheme.check(request, presented, NOW, 900_000))) return false;
    const place = { environmentPrefix: "", environmentPrefixes: [] };
    return !isDenial(scheme.verify({ request, presented, key: KEY, place, settings }));
  });
}

/** What upstreams may tell apart of a request that is signed under the scheme. */
function meaningUnder({ name }: SigningScheme, sent: Whole): string {
  const { method, authority, path, query, accept, contentType = "", mark, note, body } = sent;
  if (name === "HTTPMessageSignatures") return JSON.stringify(sent);
  if (name === "TencentKeyPair") return JSON.stringify([authority, accept, mark, note]);
  return JSON.stringify([
    ...[method, authority, accept, mark, note],
    meaning({ path, query, body, contentType }, "Auto"),
  ]);
}

test("a signature under one scheme verifies no other request, and nothing under another scheme", () => {
  const verified = new Map(SCHEMES.map(({ name }) => [name, 0]));
  let [others, underOther] = [0, 0];
  fc.assert(
    fc.property(
      whole,
      fc.constantFrom(...SCHEMES),
      fc.array(forgery, { minLength: 1, maxLength: 3 }),
      (sent, scheme, forgeries) => {
        const { headers, stringToSign } = signed(scheme, sent);
        if (!isAccepted(sent, headers, STRICT)) return;
        verified.set(scheme.name, (verified.get(scheme.name) ?? 0) + 1);
        const mac = macIn(headers);
        const twins = [...forgeries.map((one) => forged(sent, one, stringToSign)), ...recut(sent)];
        const fail = (twin: Whole, by: SigningScheme) => {
          const text = `${JSON.stringify(sent)}, signed under ${scheme.name}, passes as ${JSON.stringify(twin)}`;
          throw new Error(`${text} under ${by.name}`);
        };
        for (const twin of twins) {
          if (meaningUnder(scheme, twin) === meaningUnder(scheme, sent)) continue;
          others += 1;
          if (isAccepted(twin, headers, STRICT)) fail(twin, scheme);
          if (isAccepted(twin, around(mac, scheme, twin), STRICT)) fail(twin, scheme);
        }
        for (const other of SCHEMES.filter((one) => one !== scheme))
          for (const twin of [sent, ...twins]) {
            underOther += 1;
            if (isAccepted(twin, around(mac, other, twin), WIDE_OPEN, [other])) fail(twin, other);
          }
      },
    ),
    { numRuns: 3_000 },
  );
  expect(Math.min(...verified.values())).toBeGreaterThan(150);
  expect(others).toBeGreaterThan(1_000);
  expect(underOther).toBeGreaterThan(4_000);
});
