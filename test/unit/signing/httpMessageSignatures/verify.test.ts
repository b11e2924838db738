import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { HTTP_MESSAGE_SIGNATURES } from "../../../../src/signing/httpMessageSignatures/httpMessageSignaturesScheme.ts";
import {
  algorithmOfKey,
  HTTP_ALGORITHMS,
  signatureOver,
} from "../../../../src/signing/httpMessageSignatures/signatureAlgorithms.ts";
import {
  type HttpSignature,
  readSignature,
} from "../../../../src/signing/httpMessageSignatures/signatureInput.ts";
import { HeaderLines } from "../../../../src/signing/scheme.ts";
import {
  GET,
  KEYS,
  NOW,
  POST,
  replaced,
  requestOf,
  SECRET,
  type Sent,
  signed,
  signedOver,
  verdict,
  verdictOf,
} from "./support.ts";

const SECONDS = NOW / 1_000;
const PARAMETERS = `;created=${SECONDS};keyid="APIDmobile"`;
const FULL = '"@method" "@authority" "@path" "@query"';

describe("what sign() signs is verified", () => {
  test.each(HTTP_ALGORITHMS)("with %s", (algorithm) => {
    expect(verdict(signed(POST, algorithm), KEYS[algorithm].key)).toBe("ok documented");
    expect(verdict(signed(GET, algorithm), KEYS[algorithm].key)).toBe("ok documented");
  });
  test.each(["/orders", "/orders?", "/", "/?a=%20&&b", "/a?b?c=1"])("for %s", (path) => {
    expect(verdict(signed({ ...GET, path }))).toBe("ok documented");
  });
  test("with further headers", () => {
    expect(verdict(signed({ ...GET, headers: [["X-Tenant", "7"]] }, "hmac-sha256", ["X-Tenant"]))).toBe(
      "ok documented",
    );
  });
});

describe("a signature is accepted", () => {
  const cases: Record<string, [Sent, string]> = {
    "without the parameter alg": [signedOver(GET, `(${FULL})${PARAMETERS}`), "ok documented"],
    "with a nonce, a tag of ours and a parameter that is not known": [
      signedOver(GET, `(${FULL})${PARAMETERS};nonce="n";tag="countersign";x-own=?1`),
      "ok documented",
    ],
    "over @request-target in the place of path and query": [
      signedOver(GET, `("@method" "@authority" "@request-target")${PARAMETERS}`),
      "ok documented",
    ],
    "over @target-uri in the place of authority, path and query": [
      signedOver(GET, `("@method" "@target-uri")${PARAMETERS}`),
      "ok documented",
    ],
    "over the header host in the place of the authority": [
      signedOver(GET, `("@method" "host" "@path" "@query")${PARAMETERS}`),
      "ok documented",
    ],
    "over parameters beside the query": [
      signedOver(
        { ...GET, path: "/o?q=a+b%7E&x=%22" },
        `(${FULL} "@query-param";name="q" "@query-param";name="x")${PARAMETERS}`,
      ),
      "ok documented",
    ],
    "over a header as a byte sequence": [
      signedOver({ ...GET, headers: [["x-own", "a, b"]] }, `(${FULL} "x-own";bs)${PARAMETERS}`),
      "ok documented",
    ],
    "with expires in the future": [
      signedOver(GET, `(${FULL})${PARAMETERS};expires=${SECONDS + 1}`),
      "ok documented",
    ],
    "with an authority in upper case and a default port, normalized by the client": [
      {
        ...signed({ ...GET, authority: "api.example.com" }),
        authority: "API.example.com:443",
      },
      "ok documented",
    ],
    "beside the signature of a proxy that has a tag of its own": [
      replaced(
        replaced(signed(GET), "signature-input", (own) => `bot=("@authority");tag="web-bot-auth", ${own}`),
        "signature",
        (own) => `bot=:AAAA:, ${own}`,
      ),
      "ok documented",
    ],
    "with the tag of ours beside another without a tag": [
      replaced(
        replaced(
          signedOver(GET, `(${FULL})${PARAMETERS};tag="countersign"`),
          "signature-input",
          (own) => `${own}, other=("@authority");created=1;keyid="x"`,
        ),
        "signature",
        (own) => `${own},other=:AAAA:`,
      ),
      "ok documented",
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [sent, expected]) => {
    expect(verdict(sent)).toBe(expected);
  });
});

describe("a signature is denied", () => {
  const twice = (line: [string, string]): Sent => ({
    ...signed(GET),
    headers: [...signed(GET).headers, line],
  });
  const cases: Record<string, [Sent, string]> = {
    "P8: that does not cover the method": [
      signedOver(GET, `("@authority" "@path" "@query")${PARAMETERS}`),
      "ComponentNotCovered",
    ],
    "P8: that does not cover the authority": [
      signedOver(GET, `("@method" "@path" "@query")${PARAMETERS}`),
      "ComponentNotCovered",
    ],
    "P8: that does not cover the path": [
      signedOver(GET, `("@method" "@authority" "@query")${PARAMETERS}`),
      "ComponentNotCovered",
    ],
    "P8: that does not cover the query, also of a path without one": [
      signedOver({ ...GET, path: "/orders" }, `("@method" "@authority" "@path")${PARAMETERS}`),
      "ComponentNotCovered",
    ],
    "that covers the query by its parameters alone": [
      signedOver(
        GET,
        `("@method" "@authority" "@path" "@query-param";name="a" "@query-param";name="b")${PARAMETERS}`,
      ),
      "ComponentNotCovered",
    ],
    "that leaves open whether there is an empty query": [
      signedOver({ ...GET, path: "/orders?" }, `(${FULL})${PARAMETERS}`),
      "ComponentNotCovered",
    ],
    "P8: that does not cover a Content-Type": [
      signedOver({ ...GET, headers: [["content-type", ""]] }, `(${FULL})${PARAMETERS}`),
      "ComponentNotCovered",
    ],
    "P8: that does not cover a body": [
      signedOver({ ...POST, headers: [] }, `(${FULL})${PARAMETERS}`),
      "ComponentNotCovered",
    ],
    "P9: without created": [signedOver(GET, `(${FULL});keyid="APIDmobile"`), "DateInvalid"],
    "P10: that is too old": [
      signedOver(GET, `(${FULL});created=${SECONDS - 901};keyid="APIDmobile"`),
      "DateOutOfWindow",
    ],
    "P10: of the future": [
      signedOver(GET, `(${FULL});created=${SECONDS + 901};keyid="APIDmobile"`),
      "DateOutOfWindow",
    ],
    "P10: that has expired this second": [
      signedOver(GET, `(${FULL})${PARAMETERS};expires=${SECONDS}`),
      "SignatureExpired",
    ],
    "without keyid": [signedOver(GET, `(${FULL});created=${SECONDS}`), "AuthorizationIncomplete"],
    "with an empty keyid": [
      signedOver(GET, `(${FULL});created=${SECONDS};keyid=""`),
      "AuthorizationIncomplete",
    ],
    "P9: with a created that is text": [
      signedOver(GET, `(${FULL});created="now";keyid="APIDmobile"`),
      "AuthorizationMalformed",
    ],
    "P9: with a created that is no whole number": [
      signedOver(GET, `(${FULL});created=${SECONDS}.5;keyid="APIDmobile"`),
      "AuthorizationMalformed",
    ],
    "P10: with an expires that is text": [
      signedOver(GET, `(${FULL})${PARAMETERS};expires="never"`),
      "AuthorizationMalformed",
    ],
    "with a keyid that is no text": [
      signedOver(GET, `(${FULL});created=${SECONDS};keyid=7`),
      "AuthorizationMalformed",
    ],
    "with a nonce of more than 256 characters": [
      signedOver(GET, `(${FULL})${PARAMETERS};nonce="${"n".repeat(257)}"`),
      "AuthorizationMalformed",
    ],
    "P16: that names another algorithm than its key's": [
      signedOver(GET, `(${FULL})${PARAMETERS};alg="ed25519"`),
      "AlgorithmUnsupported",
    ],
    "over a response's component": [
      signedOver(GET, `(${FULL} "@status")${PARAMETERS}`),
      "ComponentUnsupported",
    ],
    "over a component of another message": [
      signedOver(GET, `(${FULL} "@method";req)${PARAMETERS}`),
      "ComponentUnsupported",
    ],
    "over a derived component as a byte sequence": [
      signedOver(GET, `(${FULL} "@method";bs)${PARAMETERS}`),
      "ComponentUnsupported",
    ],
    "over a parameter of the query of another message": [
      signedOver(GET, `(${FULL} "@query-param";name="a";req)${PARAMETERS}`),
      "ComponentUnsupported",
    ],
    "over a member of a dictionary": [
      signedOver({ ...GET, headers: [["x-own", "a=1"]] }, `(${FULL} "x-own";key="a")${PARAMETERS}`),
      "ComponentUnsupported",
    ],
    "over the same component twice": [
      replaced(signed(GET), "signature-input", (own) => own.replace('"@path"', '"@path" "@path"')),
      "AuthorizationMalformed",
    ],
    "over a header in upper case": [
      replaced(signed(GET), "signature-input", (own) => own.replace('"@query"', '"@query" "Accept"')),
      "AuthorizationMalformed",
    ],
    "over a header that was not sent": [
      replaced(signed(GET), "signature-input", (own) => own.replace('"@query"', '"@query" "x-own"')),
      "SignedHeaderMissing",
    ],
    "P5: over a header that was sent twice": [
      {
        ...GET,
        headers: [
          ...signedOver(
            { ...GET, headers: [["x-own", "1, 2"]] },
            `(${FULL} "x-own")${PARAMETERS}`,
          ).headers.slice(1),
          ["x-own", "1"],
          ["x-own", "2"],
        ],
      },
      "SignedHeaderRepeated",
    ],
    "over a parameter that the query does not have": [
      signedOver(GET, `(${FULL} "@query-param";name="z")${PARAMETERS}`),
      "SignedHeaderMissing",
    ],
    "P33: over one of more than 1,000 parameters": [
      replaced(signed({ ...GET, path: `/?${"a&".repeat(1_001)}` }), "signature-input", (own) =>
        own.replace('"@query"', '"@query" "@query-param";name="a"'),
      ),
      "TooManyParameters",
    ],
    "over a parameter that the query has twice": [
      signedOver({ ...GET, path: "/o?a=1&a=2" }, `(${FULL} "@query-param";name="a")${PARAMETERS}`),
      "SignedHeaderRepeated",
    ],
    "when Signature is missing": [
      { ...GET, headers: signed(GET).headers.filter(([name]) => name !== "signature") },
      "AuthorizationIncomplete",
    ],
    "when Signature has another label": [
      replaced(signed(GET), "signature", (own) => own.replace("sig1", "sig2")),
      "AuthorizationMalformed",
    ],
    "when Signature-Input was sent twice": [twice(["signature-input", "a=();x=1"]), "AuthorizationMalformed"],
    "when Signature has text instead of a byte sequence": [
      replaced(signed(GET), "signature", (own) => own.replace("=:", '="').replace(/:$/, '"')),
      "AuthorizationMalformed",
    ],
    "when Signature has another sign than = behind its label": [
      replaced(signed(GET), "signature", (own) => own.replace("=:", "::")),
      "AuthorizationMalformed",
    ],
    "P33: when Signature is longer than 8 KiB": [
      replaced(signed(GET), "signature", (own) => `${own}, x="${"x".repeat(8_192)}"`),
      "AuthorizationMalformed",
    ],
    "P33: when the signature itself is longer than 8 KiB": [
      replaced(signed(GET), "signature", () => `sig1=:${"A".repeat(8_192)}:`),
      "AuthorizationMalformed",
    ],
    "when Signature was sent twice": [twice(["signature", "a=:AAAA:"]), "AuthorizationMalformed"],
    "when Signature-Input is not a dictionary": [
      replaced(signed(GET), "signature-input", () => "sig1=(("),
      "AuthorizationMalformed",
    ],
    "when a member of Signature-Input is no list": [
      replaced(signed(GET), "signature-input", () => 'sig1="text"'),
      "AuthorizationMalformed",
    ],
    "P33: when Signature-Input is longer than 8 KiB": [
      replaced(signed(GET), "signature-input", (own) => `${own};x="${"x".repeat(8_192)}"`),
      "AuthorizationMalformed",
    ],
    "P33: when it covers more than 32 components": [
      replaced(signed(GET), "signature-input", (own) =>
        own.replace('"@query"', `"@query" ${Array.from({ length: 33 }, (_, at) => `"x-${at}"`).join(" ")}`),
      ),
      "AuthorizationMalformed",
    ],
    "among several without a tag": [
      replaced(
        replaced(signed(GET), "signature-input", (own) => `${own}, b=();keyid="b"`),
        "signature",
        (own) => `${own}, b=:AAAA:`,
      ),
      "AuthorizationMalformed",
    ],
    "of another key": [signed(GET, "ed25519"), "AlgorithmUnsupported"],
    "when Content-Digest is not the body's": [
      { ...signed(POST), body: '{"sku":8}' },
      "ContentDigestMismatch",
    ],
    "P14: when its body went": [{ ...signed(POST), body: "" }, "ContentDigestMismatch"],
    "P14: when a body was added": [{ ...signed(GET), body: "x" }, "ComponentNotCovered"],
    "when its method is in lower case": [signed({ ...GET, method: "get" }), "RequestUnverifiable"],
    "when its path does not begin with a slash": [signed({ ...GET, path: "orders" }), "RequestUnverifiable"],
    "when the authority holds a slash": [signed({ ...GET, authority: "a/b" }), "RequestUnverifiable"],
    "when a signed header holds a line feed": [
      signed({ ...GET, headers: [["x-own", '1\n"@x": 2']] }, "hmac-sha256", ["x-own"]),
      "RequestUnverifiable",
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [sent, expected]) => {
    expect(verdict(sent)).toBe(expected);
  });

  test("P13: when the body is not known for certain", () => {
    const body = { kind: "unverifiable", why: "it was truncated" } as const;
    expect(verdictOf({ ...requestOf(signed(POST)), body }, KEYS["hmac-sha256"].key)).toBe("BodyUnverifiable");
  });

  test("P6: when the proxy may have replaced bytes of a signed header", () => {
    const sent = signed({ ...GET, headers: [["x-own", "a!"]] }, "hmac-sha256", ["x-own"]);
    const headers = new HeaderLines(sent.headers, new Set(["x-own"]));
    expect(verdictOf({ ...requestOf(sent), headers }, KEYS["hmac-sha256"].key)).toBe("RequestUnverifiable");
  });
});

describe("P16: a key verifies with its own algorithm alone", () => {
  test.each(HTTP_ALGORITHMS)("%s", (algorithm) => {
    const sent = signedOver(GET, `(${FULL})${PARAMETERS}`, algorithm);
    const verdicts = HTTP_ALGORITHMS.map((other) => [other, verdict(sent, KEYS[other].key)]);
    expect(Object.fromEntries(verdicts)).toEqual({
      ...{ "hmac-sha256": "SignatureMismatch", ed25519: "SignatureMismatch" },
      ...{ "ecdsa-p256-sha256": "SignatureMismatch", [algorithm]: "ok documented" },
    });
  });
});

test("P16: a key on another curve than P-256 has no algorithm, and signs nothing", () => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "secp256k1" });
  expect(algorithmOfKey(publicKey)).toBeUndefined();
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  expect(() => signatureOver("base", "ecdsa-p256-sha256", pem)).toThrow("not for ecdsa-p256-sha256");
  expect(() => signatureOver("base", "ed25519", pem)).toThrow("not for ed25519");
});

test("P11: an empty nonce is a missing one", () => {
  const request = requestOf(signedOver(GET, `(${FULL})${PARAMETERS};nonce=""`));
  const presented = readSignature(request.headers) as HttpSignature;
  expect(presented.nonce).toBe("");
  expect(HTTP_MESSAGE_SIGNATURES.nonce.signed(request, presented)).toBeUndefined();
});

describe("what a verifier behind a proxy cannot know is tried", () => {
  const AUTHORITY = "API.example.com:443";
  const lines = (uri: string) =>
    `"@method": GET\n"@target-uri": ${uri}\n"@signature-params": ("@method" "@target-uri")${PARAMETERS}`;
  const cases: Record<string, string> = {
    "https://api.example.com/orders": "ok documented",
    "http://api.example.com/orders": "ok documented+http",
    "https://api.example.com:443/orders": "ok documented+authority-port-kept",
    "https://API.example.com:443/orders": "ok documented+authority-as-sent",
    "http://API.example.com:443/orders": "ok documented+http+authority-as-sent",
    "https://other.example.com/orders": "SignatureMismatch",
    "ftp://api.example.com/orders": "SignatureMismatch",
  };
  test.each(Object.entries(cases))("a client that signs %s", (uri, expected) => {
    const signature = signatureOver(lines(uri), "hmac-sha256", SECRET).toString("base64");
    const headers: Sent["headers"] = [
      ["signature-input", `sig=("@method" "@target-uri")${PARAMETERS}`],
      ["signature", `sig=:${signature}:`],
    ];
    expect(verdict({ method: "GET", path: "/orders", authority: AUTHORITY, headers })).toBe(expected);
  });
});

test("a request without Signature-Input presents nothing of the scheme", () => {
  expect(verdict(GET)).toBe("nothing");
  expect(verdict({ ...GET, headers: [["signature", "keyId=old-draft"]] })).toBe("nothing");
});
