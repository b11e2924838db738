import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import type { SchemeName } from "../../../src/api/vocabulary.ts";
import { decide } from "../../../src/policy/decide.ts";
import type { ApplicationProjection } from "../../../src/projection/documents.ts";
import { HeaderLines, type KeyPair, schemeNamed } from "../../../src/signing/scheme.ts";
import { indexOf, NOW, verdict } from "../../support/decisions.ts";
import { application, domain, grant, settings } from "../../support/documents.ts";

const { privateKey } = generateKeyPairSync("ed25519");
const PEM = createPublicKey(privateKey).export({ type: "spki", format: "pem" }).toString();
const PRIVATE = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const PUBLIC_KEYS = [{ keyId: "laptop", algorithm: "ed25519", publicKey: PEM }] as const;
const ALGORITHMS = ["hmac-sha256", "ed25519"] as const;
const SETTINGS = settings({ algorithms: [...ALGORITHMS] });
const PAIR: KeyPair = {
  keyId: "APIDmobile",
  secret: "mobile-secret-mobile-secret",
  algorithm: "hmac-sha256",
};
const LAPTOP: KeyPair = { keyId: "laptop", secret: PRIVATE, algorithm: "ed25519" };
const REQUEST = { method: "GET", path: "/orders", authority: "api.shop.example.com", headers: [] };
const BOTH = { Tencent: SETTINGS, HTTPMessageSignatures: SETTINGS };

type Lines = readonly (readonly [string, string])[];

function linesOf(pair: KeyPair, scheme: SchemeName = "HTTPMessageSignatures", more = {}): Lines {
  return schemeNamed(scheme).sign({ ...REQUEST, ...more }, pair, new Date(NOW)).headers;
}

function decided(lines: Lines, change: Partial<ApplicationProjection> = {}) {
  const one = application({
    schemes: { HTTPMessageSignatures: SETTINGS },
    publicKeys: PUBLIC_KEYS,
    ...change,
  });
  const request = { ...REQUEST, headers: new HeaderLines(lines), body: { kind: "none" } } as const;
  return decide({ request, context: {} }, indexOf([one, grant(), domain()]), NOW);
}

const withoutAlgorithm = (lines: Lines): Lines =>
  lines.map(([name, value]) => [name, value.replace(/;alg="[^"]*"/, "")]);

describe("a request with an HTTP message signature", () => {
  test("is allowed by the key pair, and by a public key, under whose id it is reported", () => {
    expect(decided(linesOf(PAIR))).toMatchObject({ kind: "allow", keyId: "APIDmobile", form: "documented" });
    expect(decided(linesOf(LAPTOP))).toMatchObject({ kind: "allow", keyId: "laptop", form: "documented" });
  });

  const denied: Record<string, [Lines, Partial<ApplicationProjection>, string]> = {
    "if its Application does not allow the scheme": [
      linesOf(PAIR),
      { schemes: { Tencent: SETTINGS } },
      "KeyUnknown",
    ],
    "if its Application does not allow the algorithm": [
      linesOf(LAPTOP),
      { schemes: { HTTPMessageSignatures: settings({ algorithms: ["hmac-sha256"] }) } },
      "AlgorithmUnsupported",
    ],
    "if it names no algorithm, and its Application does not allow that of the key": [
      withoutAlgorithm(linesOf(LAPTOP)),
      { schemes: { HTTPMessageSignatures: settings({ algorithms: ["hmac-sha256"] }) } },
      "AlgorithmUnsupported",
    ],
    "P16: if a public key is used as a secret": [
      linesOf({ keyId: "laptop", secret: PEM, algorithm: "hmac-sha256" }),
      {},
      "AlgorithmUnsupported",
    ],
    "P16: if a public key is used as the secret of another scheme": [
      linesOf({ keyId: "laptop", secret: PEM, algorithm: "hmac-sha256" }, "Tencent"),
      { schemes: BOTH },
      "KeyUnknown",
    ],
    "P16: if a public key is used as the secret of AlibabaCA": [
      linesOf({ keyId: "laptop", secret: PEM, algorithm: "hmac-sha256" }, "AlibabaCA"),
      { schemes: { ...BOTH, AlibabaCA: SETTINGS } },
      "KeyUnknown",
    ],
    "if the public key is revoked": [linesOf(LAPTOP), { revokedKeys: ["laptop"] }, "KeyUnknown"],
    "if it carries the signature of another scheme too": [
      [...linesOf(PAIR), ...linesOf(PAIR, "Tencent")],
      { schemes: BOTH },
      "RequestUnverifiable",
    ],
    "without a nonce where replay protection requires one": [
      linesOf(PAIR),
      { replayProtection: { mode: "Required" } },
      "NonceMissing",
    ],
  };
  test.each(Object.entries(denied))("is denied %s", (_, [lines, change, code]) => {
    expect(verdict(decided(lines, change))).toBe(code);
  });

  test("P11: uses up its signed nonce where there is replay protection", () => {
    const use = (nonce: string) => {
      const decision = decided(linesOf(PAIR, "HTTPMessageSignatures", { nonce }), {
        replayProtection: { mode: "Required" },
      });
      return decision.kind === "allow" ? decision.nonceUse?.id : decision.code;
    };
    expect(use("n-1")).toMatch(/^[\w-]{22}$/);
    expect(use("n-1")).toBe(use("n-1"));
    expect(use("n-2")).not.toBe(use("n-1"));
  });
});
