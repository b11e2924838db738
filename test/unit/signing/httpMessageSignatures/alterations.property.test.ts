import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { contentDigest } from "../../../../src/signing/httpMessageSignatures/contentDigest.ts";
import { KEYS, NOW, type Sent, signedOver, verdict } from "./support.ts";

/** A request of which a caller signs all that it must, and a header of its own. */
interface Whole {
  readonly method: string;
  readonly authority: string;
  readonly path: string;
  readonly contentType: string | undefined;
  readonly note: string;
  readonly body: string;
}

const METHODS = ["GET", "POST", "PUT", "DELETE"];
const AUTHORITIES = [
  "a.example",
  "A.example",
  "a.example:443",
  "a.example:80",
  "a.example:8443",
  "b.example",
];
const TYPES = [undefined, "", "application/json", "text/plain"];
const WORDS = ["a", "b", "/", "?", "&", "=", "%20", "%2F", "+", ";", "é", '"', ":", "@path", "\t"];

const text = (maxLength: number) =>
  fc
    .array(fc.constantFrom(...WORDS), { maxLength })
    .map((words) => Buffer.from(words.join("")).toString("latin1"));
const whole: fc.Arbitrary<Whole> = fc.record({
  method: fc.constantFrom(...METHODS),
  authority: fc.constantFrom(...AUTHORITIES),
  path: text(6).map((path) => `/${path}`),
  contentType: fc.constantFrom(...TYPES),
  note: text(4),
  body: text(4),
});

/** The component lists that cover the authority, the path and the query, each in several ways. */
const AUTHORITY_AND_TARGET = [
  '"@authority" "@path" "@query"',
  '"@authority" "@request-target"',
  '"host" "@request-target"',
  '"@target-uri"',
  '"@authority" "@target-uri" "@path" "@query"',
];

/** One thing is changed by somebody who does not have the key. Content-Digest stays, or is made true again. */
const alteration = fc.record({
  field: fc.constantFrom("method", "authority", "path", "contentType", "note", "body"),
  at: fc.nat(12),
  cut: fc.nat(2),
  put: fc.constantFrom(...WORDS, ""),
  choice: fc.nat(10),
  isDigestKept: fc.boolean(),
});
type Alteration = typeof alteration extends fc.Arbitrary<infer Value> ? Value : never;

function altered(sent: Whole, { field, at, cut, put, choice }: Alteration): Whole {
  const splice = (before: string) => before.slice(0, at) + put + before.slice(at + cut);
  const changes: Readonly<Record<string, Partial<Whole>>> = {
    method: { method: METHODS[choice % METHODS.length] ?? "" },
    authority: { authority: AUTHORITIES[choice % AUTHORITIES.length] ?? "" },
    path: { path: `/${splice(sent.path.slice(1))}` },
    contentType: { contentType: TYPES[choice % TYPES.length] },
    note: { note: splice(sent.note) },
    body: { body: splice(sent.body) },
  };
  return { ...sent, ...changes[field] };
}

test("a signature over one request verifies it, and no other that an upstream could understand differently", () => {
  let [verified, denied] = [0, 0];
  fc.assert(
    fc.property(
      whole,
      fc.constantFrom(...AUTHORITY_AND_TARGET),
      fc.array(alteration, { minLength: 1, maxLength: 8 }),
      (one, target, alterations) => {
        const sent = sentOf(one, digestOf(one.body));
        const signed = signedOver(sent, inputOver(one, target));
        if (!isVerified(signed)) return;
        verified += 1;
        for (const change of alterations) {
          const other = altered(one, change);
          if (meaning(other) === meaning(one)) continue;
          denied += 1;
          const digest = digestOf(change.isDigestKept ? one.body : other.body);
          const lines = [...sentOf(other, digest).headers, ...signed.headers.slice(-2)];
          if (isVerified({ ...sentOf(other, digest), headers: lines }))
            throw new Error(`${JSON.stringify(one)} passes as ${JSON.stringify(other)} over ${target}`);
        }
      },
    ),
    { numRuns: 2_000 },
  );
  expect(verified).toBeGreaterThan(1_000);
  expect(denied).toBeGreaterThan(3_000);
});

function isVerified(sent: Sent): boolean {
  return verdict(sent, KEYS["hmac-sha256"].key).startsWith("ok ");
}

function inputOver({ contentType, body }: Whole, target: string): string {
  const more = [
    ...(contentType === undefined ? [] : ['"content-type"']),
    ...(body === "" ? [] : ['"content-digest"']),
  ];
  return `(${['"@method"', target, '"x-note"', ...more].join(" ")});created=${NOW / 1_000};keyid="k"`;
}

function sentOf({ method, authority, path, contentType, note, body }: Whole, digest: string): Sent {
  const headers: Sent["headers"] = [
    ["x-note", note],
    ...(contentType === undefined ? [] : [["content-type", contentType] as const]),
    ...(digest === "" ? [] : [["content-digest", digest] as const]),
  ];
  return { method, authority, path, headers, body };
}

function digestOf(body: string): string {
  return body === "" ? "" : contentDigest(Buffer.from(body, "latin1"));
}

/** What upstreams may tell apart: everything but the case of the host and its default port. */
function meaning({ authority, ...rest }: Whole): string {
  return JSON.stringify([authority.toLowerCase().replace(/:(80|443)$/, ""), rest]);
}
