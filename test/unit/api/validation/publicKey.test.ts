import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { parsePublicKey } from "../../../../src/api/validation/publicKey.ts";

const ed25519 = generateKeyPairSync("ed25519");
const p256 = generateKeyPairSync("ec", { namedCurve: "P-256" });
const p384 = generateKeyPairSync("ec", { namedCurve: "P-384" });
const spki = ({ publicKey }: typeof ed25519) => publicKey.export({ type: "spki", format: "pem" }).toString();
const pkcs8 = ed25519.privateKey.export({ type: "pkcs8", format: "pem" }).toString();

describe("the PEM of a public key is used", () => {
  test("for its algorithm", () => {
    expect(parsePublicKey(spki(ed25519), "ed25519")).toMatchObject({ ok: true });
    expect(parsePublicKey(spki(p256), "ecdsa-p256-sha256")).toMatchObject({ ok: true });
  });
  test("with blank lines around it", () => {
    expect(parsePublicKey(`\n${spki(ed25519)}\n`, "ed25519")).toMatchObject({ ok: true });
  });
});

describe("a text is not used", () => {
  const notPem = "is not the PEM of one public key: write what openssl pkey -pubout prints";
  const notEc = "is not an EC key on the curve P-256: correct algorithm, or write a key of it";
  const cases: Record<string, [string, "ed25519" | "ecdsa-p256-sha256", string]> = {
    "that is empty": ["", "ed25519", notPem],
    "of a private key": [pkcs8, "ed25519", notPem],
    "of a public key with the private one behind it": [`${spki(ed25519)}${pkcs8}`, "ed25519", notPem],
    "of two public keys": [`${spki(ed25519)}${spki(p256)}`, "ed25519", notPem],
    "that was cut": [spki(ed25519).slice(0, 60), "ed25519", notPem],
    "of a key of another algorithm": [spki(ed25519), "ecdsa-p256-sha256", notEc],
    "of a key on another curve": [spki(p384), "ecdsa-p256-sha256", notEc],
  };
  test.each(Object.entries(cases))("%s", (_, [pem, algorithm, problem]) => {
    expect(parsePublicKey(pem, algorithm)).toEqual({ ok: false, problem });
  });
});
