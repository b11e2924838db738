import { constants, createPublicKey, verify } from "node:crypto";
import { expect, test } from "@jest/globals";
import { HmacKey } from "../../../../src/signing/hmacKey.ts";
import { isSignatureOver } from "../../../../src/signing/httpMessageSignatures/signatureAlgorithms.ts";
import { signatureBase } from "../../../../src/signing/httpMessageSignatures/signatureBase.ts";
import { DOCUMENTED } from "../../../../src/signing/httpMessageSignatures/variants.ts";
import type { VerificationKey } from "../../../../src/signing/scheme.ts";
import { inputOf, requestOf, type Sent, verdict } from "./support.ts";

/** The keys of RFC 9421, appendix B.1. */
const RSA_PSS = createPublicKey(`-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAr4tmm3r20Wd/PbqvP1s2
+QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct+Lh1GH45x28Rw3Ry53mm+
oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHq
gDsznjPFmTOtCEcN2Z1FpWgchwuYLPL+Wokqltd11nqqzi+bJ9cvSKADYdUAAN5W
Utzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4
aOT9v6d+nb4bnNkQVklLQ3fVAvJm+xdDOp9LCNCN48V2pnDOkFV6+U9nV5oyc6XI
2wIDAQAB
-----END PUBLIC KEY-----`);
const P256 = createPublicKey(`-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lf
w0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ==
-----END PUBLIC KEY-----`);
const ED25519 = createPublicKey({
  key: { kty: "OKP", crv: "Ed25519", x: "JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs" },
  format: "jwk",
});
/** The RFC's secret is bytes; an ApiAppSecret is text, whose UTF-8 is the key. */
const HMAC = HmacKey.of(
  Buffer.from(
    "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==",
    "base64",
  ),
);

const CLIENT_CERT =
  ":MIIBqDCCAU6gAwIBAgIBBzAKBggqhkjOPQQDAjA6MRswGQYDVQQKDBJMZXQncyBBdXRoZW50aWNhdGUxGzAZBgNVBAMMEkxBIEludGVybWVkaWF0ZSBDQTAeFw0yMDAxMTQyMjU1MzNaFw0yMTAxMjMyMjU1MzNaMA0xCzAJBgNVBAMMAkJDMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8YnXXfaUgmnMtOXU/IncWalRhebrXmckC8vdgJ1p5Be5F/3YC8OthxM4+k1M6aEAEFcGzkJiNy6J84y7uzo9M6NyMHAwCQYDVR0TBAIwADAfBgNVHSMEGDAWgBRm3WjLa38lbEYCuiCPct0ZaSED2DAOBgNVHQ8BAf8EBAMCBsAwEwYDVR0lBAwwCgYIKwYBBQUHAwIwHQYDVR0RAQH/BBMwEYEPYmRjQGV4YW1wbGUuY29tMAoGCCqGSM49BAMCA0gAMEUCIBHda/r1vaL6G3VliL4/Di6YK0Q6bMjeSkC3dFCOOB8TAiEAx/kHSB4urmiZ0NX5r5XarmPk0wmuydBVoU4hBVZ1yhk=:";

/** `test-request` of appendix B.2. */
const TEST_REQUEST: Sent = {
  method: "POST",
  authority: "example.com",
  path: "/foo?param=Value&Pet=dog",
  headers: [
    ["host", "example.com"],
    ["date", "Tue, 20 Apr 2021 02:07:55 GMT"],
    ["content-type", "application/json"],
    [
      "content-digest",
      "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:",
    ],
    ["content-length", "18"],
  ],
  body: '{"hello": "world"}',
};
/** The request of appendix B.4, with its two Accept lines as one. */
const TRANSFORMED: Sent = {
  method: "GET",
  authority: "example.org",
  path: "/demo?name1=Value1&Name2=value2",
  headers: [
    ["date", "Fri, 15 Jul 2022 14:24:55 GMT"],
    ["accept", "application/json, */*"],
  ],
};
const PROXIED: Sent = {
  ...TEST_REQUEST,
  authority: "service.internal.example",
  headers: [...TEST_REQUEST.headers, ["client-cert", CLIENT_CERT]],
};

interface Vector {
  readonly sent: Sent;
  readonly input: string;
  readonly signature: string;
  readonly base: string;
  readonly key: VerificationKey;
  /** What a verifier decides on it at the time of signing. */
  readonly verdict: string;
}

const CREATED = ";created=1618884473";
const VECTORS: Readonly<Record<string, Vector>> = {
  "B.2.1: RSA-PSS over nothing but the parameters": {
    sent: TEST_REQUEST,
    input: `sig-b21=()${CREATED};keyid="test-key-rsa-pss";nonce="b3k2pp5k7z-50gnwp.yemd"`,
    signature:
      "sig-b21=:d2pmTvmbncD3xQm8E9ZV2828BjQWGgiwAaw5bAkgibUopemLJcWDy/lkbbHAve4cRAtx31Iq786U7it++wgGxbtRxf8Udx7zFZsckzXaJMkA7ChG52eSkFxykJeNqsrWH5S+oxNFlD4dzVuwe8DhTSja8xxbR/Z2cOGdCbzR72rgFWhzx2VjBqJzsPLMIQKhO4DGezXehhWwE56YCE+O6c0mKZsfxVrogUvA4HELjVKWmAvtl6UnCh8jYzuVG5WSb/QEVPnP5TmcAnLH1g+s++v6d4s8m0gCw1fV5/SITLq9mhho8K3+7EPYTU8IU1bLhdxO5Nyt8C8ssinQ98Xw9Q==:",
    base: `"@signature-params": ()${CREATED};keyid="test-key-rsa-pss";nonce="b3k2pp5k7z-50gnwp.yemd"`,
    key: RSA_PSS,
    verdict: "ComponentNotCovered",
  },
  "B.2.2: RSA-PSS over authority, digest and one parameter, with a tag for others": {
    sent: TEST_REQUEST,
    input: `sig-b22=("@authority" "content-digest" "@query-param";name="Pet")${CREATED};keyid="test-key-rsa-pss";tag="header-example"`,
    signature:
      "sig-b22=:LjbtqUbfmvjj5C5kr1Ugj4PmLYvx9wVjZvD9GsTT4F7GrcQEdJzgI9qHxICagShLRiLMlAJjtq6N4CDfKtjvuJyE5qH7KT8UCMkSowOB4+ECxCmT8rtAmj/0PIXxi0A0nxKyB09RNrCQibbUjsLS/2YyFYXEu4TRJQzRw1rLEuEfY17SARYhpTlaqwZVtR8NV7+4UKkjqpcAoFqWFQh62s7Cl+H2fjBSpqfZUJcsIk4N6wiKYd4je2U/lankenQ99PZfB4jY3I5rSV2DSBVkSFsURIjYErOs0tFTQosMTAoxk//0RoKUqiYY8Bh0aaUEb0rQl3/XaVe4bXTugEjHSw==:",
    base: `"@authority": example.com
"content-digest": ${TEST_REQUEST.headers[3]?.[1]}
"@query-param";name="Pet": dog
"@signature-params": ("@authority" "content-digest" "@query-param";name="Pet")${CREATED};keyid="test-key-rsa-pss";tag="header-example"`,
    key: RSA_PSS,
    verdict: "nothing",
  },
  "B.2.3: RSA-PSS over everything, an algorithm that is not supported": {
    sent: TEST_REQUEST,
    input: `sig-b23=("date" "@method" "@path" "@query" "@authority" "content-type" "content-digest" "content-length")${CREATED};keyid="test-key-rsa-pss"`,
    signature:
      "sig-b23=:bbN8oArOxYoyylQQUU6QYwrTuaxLwjAC9fbY2F6SVWvh0yBiMIRGOnMYwZ/5MR6fb0Kh1rIRASVxFkeGt683+qRpRRU5p2voTp768ZrCUb38K0fUxN0O0iC59DzYx8DFll5GmydPxSmme9v6ULbMFkl+V5B1TP/yPViV7KsLNmvKiLJH1pFkh/aYA2HXXZzNBXmIkoQoLd7YfW91kE9o/CCoC1xMy7JA1ipwvKvfrs65ldmlu9bpG6A9BmzhuzF8Eim5f8ui9eH8LZH896+QIF61ka39VBrohr9iyMUJpvRX2Zbhl5ZJzSRxpJyoEZAFL2FUo5fTIztsDZKEgM4cUA==:",
    base: `"date": Tue, 20 Apr 2021 02:07:55 GMT
"@method": POST
"@path": /foo
"@query": ?param=Value&Pet=dog
"@authority": example.com
"content-type": application/json
"content-digest": ${TEST_REQUEST.headers[3]?.[1]}
"content-length": 18
"@signature-params": ("date" "@method" "@path" "@query" "@authority" "content-type" "content-digest" "content-length")${CREATED};keyid="test-key-rsa-pss"`,
    key: RSA_PSS,
    verdict: "SignatureMismatch",
  },
  "B.2.5: HMAC over date, authority and Content-Type": {
    sent: TEST_REQUEST,
    input: `sig-b25=("date" "@authority" "content-type")${CREATED};keyid="test-shared-secret"`,
    signature: "sig-b25=:pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=:",
    base: `"date": Tue, 20 Apr 2021 02:07:55 GMT
"@authority": example.com
"content-type": application/json
"@signature-params": ("date" "@authority" "content-type")${CREATED};keyid="test-shared-secret"`,
    key: HMAC,
    verdict: "ComponentNotCovered",
  },
  "B.2.6: Ed25519 without query and digest": {
    sent: TEST_REQUEST,
    input: `sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length")${CREATED};keyid="test-key-ed25519"`,
    signature:
      "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:",
    base: `"date": Tue, 20 Apr 2021 02:07:55 GMT
"@method": POST
"@path": /foo
"@authority": example.com
"content-type": application/json
"content-length": 18
"@signature-params": ("date" "@method" "@path" "@authority" "content-type" "content-length")${CREATED};keyid="test-key-ed25519"`,
    key: ED25519,
    verdict: "ComponentNotCovered",
  },
  "B.3: ECDSA of a proxy that ends TLS": {
    sent: PROXIED,
    input: `ttrp=("@path" "@query" "@method" "@authority" "client-cert")${CREATED};keyid="test-key-ecc-p256"`,
    signature:
      "ttrp=:xVMHVpawaAC/0SbHrKRs9i8I3eOs5RtTMGCWXm/9nvZzoHsIg6Mce9315T6xoklyy0yzhD9ah4JHRwMLOgmizw==:",
    base: `"@path": /foo
"@query": ?param=Value&Pet=dog
"@method": POST
"@authority": service.internal.example
"client-cert": ${CLIENT_CERT}
"@signature-params": ("@path" "@query" "@method" "@authority" "client-cert")${CREATED};keyid="test-key-ecc-p256"`,
    key: P256,
    verdict: "ComponentNotCovered",
  },
  "B.4: Ed25519 of a request that proxies have transformed": {
    sent: TRANSFORMED,
    input: `transform=("@method" "@path" "@authority" "accept")${CREATED};keyid="test-key-ed25519"`,
    signature:
      "transform=:ZT1kooQsEHpZ0I1IjCqtQppOmIqlJPeo7DHR3SoMn0s5JZ1eRGS0A+vyYP9t/LXlh5QMFFQ6cpLt2m0pmj3NDA==:",
    base: `"@method": GET
"@path": /demo
"@authority": example.org
"accept": application/json, */*
"@signature-params": ("@method" "@path" "@authority" "accept")${CREATED};keyid="test-key-ed25519"`,
    key: ED25519,
    verdict: "ComponentNotCovered",
  },
};

test.each(Object.entries(VECTORS))("RFC 9421, %s: the signature base is the published one", (_, vector) => {
  expect(signatureBase(requestOf(vector.sent), inputOf(vector.input), DOCUMENTED)).toBe(vector.base);
});

test.each(Object.entries(VECTORS))("RFC 9421, %s: the published signature is over that base", (_, vector) => {
  const signature = Buffer.from(vector.signature.replace(/^[^=]*=:|:$/g, ""), "base64");
  const isOver = (base: string) =>
    vector.key === RSA_PSS ? isRsaPss(base, signature) : isSignatureOver(base, signature, vector.key);
  expect(isOver(vector.base)).toBe(true);
  expect(isOver(`${vector.base} `)).toBe(false);
});

test("RFC 9421, B.2.4: the ECDSA signature over a response is over its published base", () => {
  const signature =
    "wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw==";
  const base = `"@status": 200
"content-type": application/json
"content-digest": sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:
"content-length": 23
"@signature-params": ("@status" "content-type" "content-digest" "content-length")${CREATED};keyid="test-key-ecc-p256"`;
  expect(isSignatureOver(base, Buffer.from(signature, "base64"), P256)).toBe(true);
});

test.each(Object.entries(VECTORS))("RFC 9421, %s: the decision on the request", (_, vector) => {
  const { sent, input, signature, key } = vector;
  const headers: Sent["headers"] = [...sent.headers, ["signature-input", input], ["signature", signature]];
  expect(verdict({ ...sent, headers }, key, 1_618_884_473_000)).toBe(vector.verdict);
});

/** Not an algorithm of the scheme; the published signatures prove the bases that they are over. */
function isRsaPss(base: string, signature: Buffer): boolean {
  const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 64 };
  return verify("sha512", Buffer.from(base, "latin1"), { key: RSA_PSS, ...padding }, signature);
}
