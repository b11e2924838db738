import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { OPEN_VARIANTS, PARAMETER_SETTINGS } from "../../../../src/api/vocabulary.ts";
import { signingKey } from "../../../../src/signing/algorithms.ts";
import { HeaderLines, isDenial, SCHEMES, type SignedRequest } from "../../../../src/signing/scheme.ts";
import { TENCENT_KEY_PAIR } from "../../../../src/signing/tencentKeyPair/tencentKeyPairScheme.ts";
import { FORM } from "../tencent/meaning.ts";

/** Text that looks like a line of a TencentKeyPair string, and what could bring one into a field of another scheme. */
const PIECES = [
  "a",
  "x-date: d",
  "date: d",
  ": ",
  ":",
  "GET: ",
  "%0A",
  "%0Ax-date: d",
  "&",
  "=",
  "?",
  "%3A%20",
  "/",
];
const METHODS = ["GET", "POST", "X-DATE", "GET: a"];
/** A header that holds a line feed is denied before any string is made of it, so these hold none; only the body may. */
const words = fc.array(fc.constantFrom(...PIECES), { maxLength: 4 }).map((parts) => parts.join(""));

const requests = fc.record({
  method: fc.constantFrom(...METHODS),
  path: words.map((path) => `/${path}`),
  accept: words,
  contentType: fc.oneof(fc.constant(FORM), words),
  md5: words,
  note: words,
  body: words.map((body) => body.replaceAll("&", "\n")),
});

/** A string that TencentKeyPair could verify with some headers: lines `name: value`, with a name that can be listed. */
function isKeyPairString(text: string): boolean {
  return text.split("\n").every((line) => /^[!#$%&'*+\-.^_`|~0-9a-z]+: /.test(line));
}

test("no string to sign of another scheme is one of TencentKeyPair, whatever its caller sends and its settings are", () => {
  let [others, own] = [0, 0];
  fc.assert(
    fc.property(
      requests,
      fc.constantFrom(...SCHEMES),
      fc.constantFrom(...PARAMETER_SETTINGS),
      ({ method, path, accept, contentType, md5, note, body }, scheme, parameters) => {
        const bytes = Buffer.from(body);
        const headers = [
          ...([
            ["accept", accept],
            ["content-type", contentType],
            ["x-note", note],
          ] as const),
          ...(md5 === "" ? [] : [["content-md5", md5] as const]),
        ];
        const pair = { keyId: "k", secret: "a-secret", algorithm: "hmac-sha256" };
        const sent = { method, path, authority: "api.example.com", headers };
        const signed = scheme.sign({ ...sent, body: bytes }, pair, new Date(0), ["x-note"]);
        const request: SignedRequest = {
          ...sent,
          headers: new HeaderLines([...headers, ...signed.headers]),
          body: bytes.length > 0 ? { kind: "bytes", bytes } : { kind: "none" },
        };
        const presented = scheme.read(request);
        if (presented === undefined || isDenial(presented)) return;
        const settings = { parameters, openVariants: OPEN_VARIANTS };
        const place = { environmentPrefix: "", environmentPrefixes: [] };
        const input = { request, presented, key: signingKey("a-secret"), place, settings };
        // A method that is no token is denied before any string is made.
        if (scheme.name !== "TencentKeyPair" && isUnverifiable(scheme.verify(input))) return;
        for (const { stringToSign } of scheme.diagnose.candidates(input)) {
          const isOwn = scheme.name === TENCENT_KEY_PAIR.name;
          if (isOwn) own += 1;
          else others += 1;
          if (!isOwn && isKeyPairString(stringToSign))
            throw new Error(`${scheme.name} signs ${JSON.stringify(stringToSign)}`);
          if (isOwn && !isKeyPairString(stringToSign))
            throw new Error(`${JSON.stringify(stringToSign)} is not one of TencentKeyPair`);
        }
      },
    ),
    { numRuns: 10_000 },
  );
  expect(others).toBeGreaterThan(8_000);
  expect(own).toBeGreaterThan(400);
});

function isUnverifiable(outcome: unknown): boolean {
  return isDenial(outcome) && outcome.code !== "SignatureMismatch" && outcome.code !== "StageMismatch";
}
