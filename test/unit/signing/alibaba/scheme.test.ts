import { createHmac } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { ParameterSetting } from "../../../../src/api/vocabulary.ts";
import { signingKey } from "../../../../src/signing/algorithms.ts";
import { ALIBABA_CA } from "../../../../src/signing/alibaba/alibabaScheme.ts";
import { HeaderLines, isDenial, SCHEMES, type SignedRequest } from "../../../../src/signing/scheme.ts";
import { FORM, meaning, type Shape } from "../tencent/meaning.ts";
import { outcome, verify } from "./support.ts";

const NOW = Date.parse("2026-11-24T09:00:00Z");
const SECRET = "xca-secret-xca-secret-0001";

function requestOf({ path, query, body, contentType }: Shape): SignedRequest {
  const headers = [
    ["content-type", contentType],
    ["x-ca-timestamp", String(NOW)],
    ["x-ca-key", "k"],
    ["x-ca-signature-headers", "X-Ca-Key,X-Ca-Timestamp"],
    ["x-ca-signature", "AAAA"],
  ] as const;
  return {
    method: "POST",
    path: query === undefined ? path : `${path}?${query}`,
    authority: "api.example.com",
    headers: new HeaderLines(headers),
    body: body === "" ? { kind: "none" } : { kind: "bytes", bytes: Buffer.from(body, "latin1") },
  };
}

/** Every string to sign under which the request is accepted. */
function acceptedStrings(shape: Shape, parameters: ParameterSetting): readonly string[] {
  const request = requestOf(shape);
  const presented = ALIBABA_CA.read(request);
  if (presented === undefined || isDenial(presented)) throw new Error("the request is well-formed");
  const candidates = ALIBABA_CA.diagnose.candidates({
    ...{ request, presented, key: signingKey(SECRET) },
    place: { environmentPrefix: "" },
    settings: { parameters, openVariants: [] },
  });
  return [...candidates].map(({ stringToSign }) => stringToSign);
}

const ITEMS = [
  "a",
  "=",
  "&",
  "?",
  "+",
  "%20",
  "%2B",
  "%25",
  "%26",
  "%3D",
  "%3F",
  "2B",
  "b",
  "1",
  "a=1",
  "&a=2",
];
const PATHS = ["a", "/", "&", "=", "%61", "%3F", "%26", "%2F", "%25", "+", ";"];
const words = (tokens: readonly string[], maxLength: number) =>
  fc.array(fc.constantFrom(...tokens), { maxLength }).map((parts) => parts.join(""));
const shapes: fc.Arbitrary<Shape> = fc
  .record({
    path: words(PATHS, 3).map((path) => `/${path}`),
    query: fc.option(words(ITEMS, 4)),
    body: words(ITEMS, 3),
    contentType: fc.constantFrom(FORM, "text/plain"),
  })
  .map(({ query, ...shape }) => ({ ...shape, query: query ?? undefined }));

describe("P7: no two requests of different meanings share an accepted string", () => {
  test.each(["Auto", "Decoded", "AsSent", "Either"] as const)("under %s", (setting) => {
    const seen = new Map<string, { readonly means: string; readonly shape: Shape }>();
    fc.assert(
      fc.property(shapes, (shape) => {
        const means = meaning(shape, setting);
        for (const text of acceptedStrings(shape, setting)) {
          const other = seen.get(text);
          if (!other) seen.set(text, { means, shape });
          else if (other.means !== means)
            throw new Error(`${JSON.stringify(other.shape)} and ${JSON.stringify(shape)} share ${text}`);
        }
      }),
      { numRuns: 4_000 },
    );
    expect(seen.size).toBeGreaterThan(1_000);
  });
});

describe("a request that is signed under one scheme", () => {
  const pair = { keyId: "k", secret: SECRET, algorithm: "hmac-sha256" };
  test("has a string to sign that is that of no other scheme", () => {
    fc.assert(
      fc.property(shapes, ({ path, query, body, contentType }) => {
        const request = {
          method: "POST",
          path: query === undefined ? path : `${path}?${query}`,
          authority: "api.example.com",
          headers: [["content-type", contentType]] as const,
          body: Buffer.from(body, "latin1"),
        };
        const strings = SCHEMES.map((scheme) => scheme.sign(request, pair, new Date(NOW)).stringToSign);
        expect(new Set(strings).size).toBe(SCHEMES.length);
      }),
    );
  });

  test.each(["hmac-sha256", "hmac-sha1"])("by the program itself verifies with %s", (algorithm) => {
    const headers = [
      ["x-ca-stage", "PRE"],
      ["x-ca-nonce", "n"],
      ["content-type", "application/json"],
    ] as const;
    const plain = { method: "PUT", path: "/orders?b=2&a=1%202", authority: "api.example.com" };
    const signed = ALIBABA_CA.sign(
      { ...plain, headers, body: Buffer.from("{}") },
      { ...pair, algorithm },
      new Date(NOW),
    );
    const request: SignedRequest = {
      ...plain,
      headers: new HeaderLines([...headers, ...signed.headers]),
      body: { kind: "bytes", bytes: Buffer.from("{}") },
    };
    expect(outcome(request, { now: NOW, secret: SECRET, environment: "prepub" })).toBe("x-ca");
  });
});

describe("a caller whose list of signed headers is unsorted", () => {
  const lines = [
    ["x-ca-timestamp", String(NOW)],
    ["x-ca-key", "k"],
  ] as const;
  const signedOver = (order: readonly string[]): SignedRequest => {
    const text = order.map((name) => `${name}:${new Map<string, string>(lines).get(name)}\n`).join("");
    const mac = createHmac("sha256", SECRET).update(`GET\n\n\n\n\n${text}/orders`).digest("base64");
    const list = lines.map(([name]) => name).join(",");
    const headers = [...lines, ["x-ca-signature-headers", list], ["x-ca-signature", mac]] as const;
    return {
      ...{ method: "GET", path: "/orders", authority: "api.example.com", body: { kind: "none" } },
      headers: new HeaderLines(headers),
    };
  };

  test.each([
    ["sorted by name", ["x-ca-key", "x-ca-timestamp"], "x-ca"],
    ["in the order of its list", ["x-ca-timestamp", "x-ca-key"], "x-ca"],
    ["only if all are there", ["x-ca-timestamp"], "SignatureMismatch"],
  ])("may sign its lines %s", (_, order, expected) => {
    expect(outcome(signedOver(order), { now: NOW, secret: SECRET })).toBe(expected);
  });

  test("and sees the sorted lines in a denial", () => {
    const found = verify(signedOver([]), { now: NOW, secret: SECRET });
    expect(isDenial(found) && found.message).toContain(`#####x-ca-key:k#x-ca-timestamp:${NOW}#/orders`);
  });
});

test("a denial has the vendor's headers, with bytes that a header cannot hold percent-encoded", () => {
  const denial = { message: "Invalid Signature: \xe5\n", code: "SignatureMismatch" } as const;
  expect(ALIBABA_CA.voice.headers(denial, "r1")).toEqual([
    ["x-ca-error-message", "Invalid Signature: %E5%0A"],
    ["x-ca-request-id", "r1"],
  ]);
});
