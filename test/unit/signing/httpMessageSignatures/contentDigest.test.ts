import { createHash } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import {
  bodyToHash,
  checkContentDigest,
  contentDigest,
  hashInSteps,
} from "../../../../src/signing/httpMessageSignatures/contentDigest.ts";
import { HeaderLines, type SignedRequest } from "../../../../src/signing/scheme.ts";

const BODY = Buffer.from('{"hello": "world"}');
/** RFC 9530, appendix D, and RFC 9421, appendix B.2. */
const SHA_256 = "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:";
const SHA_512 =
  "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:";
const OF_NOTHING = "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:";

function requestWith(digest: string | undefined, body: Buffer = BODY): SignedRequest {
  return {
    ...{ method: "POST", path: "/", authority: "a" },
    headers: new HeaderLines(digest === undefined ? [] : [["content-digest", digest]]),
    body: body.length > 0 ? { kind: "bytes", bytes: Buffer.from(body) } : { kind: "none" },
  };
}

describe("Content-Digest", () => {
  const cases: Record<string, [string | undefined, Buffer, string | undefined]> = {
    "that was not sent": [undefined, BODY, undefined],
    "by SHA-256": [SHA_256, BODY, undefined],
    "by SHA-512": [SHA_512, BODY, undefined],
    "by both": [`${SHA_512}, ${SHA_256}`, BODY, undefined],
    "beside an algorithm that is not known": [`md5=:AAAA:, ${SHA_256}`, BODY, undefined],
    "of a body that is empty": [OF_NOTHING, Buffer.alloc(0), undefined],
    "of another body": [
      SHA_256,
      Buffer.from("{}"),
      "Content-Digest has another sha-256 than the body that arrived",
    ],
    "of which one is wrong": [
      `${SHA_256}, sha-512=:AAAA:`,
      BODY,
      "Content-Digest has another sha-512 than the body that arrived",
    ],
    "with another text of the same bytes": [
      SHA_256.replace("PE=", "PF="),
      BODY,
      "Content-Digest has another sha-256 than the body that arrived",
    ],
    "without a known algorithm": ["md5=:AAAA:", BODY, "Content-Digest has neither sha-256 nor sha-512"],
    "that is empty": ["", BODY, "Content-Digest has neither sha-256 nor sha-512"],
    "in the form of the old header Digest": [
      "SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=",
      BODY,
      "Content-Digest is no dictionary of byte sequences (RFC 9530)",
    ],
    "that is longer than 1 KiB": [
      `${SHA_256}, x=:${"AAAA".repeat(256)}:`,
      BODY,
      "Content-Digest is no dictionary of byte sequences (RFC 9530)",
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [digest, body, message]) => {
    expect(checkContentDigest(requestWith(digest, body))?.message).toBe(message);
  });

  test("of a body is made by SHA-256", () => {
    expect(contentDigest(BODY)).toBe(SHA_256);
  });
});

describe("a large body", () => {
  const large = Buffer.alloc(700_000, "x");
  const digest = (name: string) => createHash(name).update(large).digest("base64");
  const both = `sha-256=:${digest("sha256")}:, sha-512=:${digest("sha512")}:`;

  test("is hashed in steps, whose result is the same", () => {
    const request = requestWith(both, large);
    const body = bodyToHash(request);
    if (!body) throw new Error("there is nothing to hash");
    expect([...hashInSteps(body, request)]).toHaveLength(3);
    expect(checkContentDigest(request)).toBeUndefined();
  });

  test("is not hashed without a digest of a known algorithm", () => {
    expect(bodyToHash(requestWith(undefined, large))).toBeUndefined();
    expect(bodyToHash(requestWith("md5=:AAAA:", large))).toBeUndefined();
    expect(bodyToHash(requestWith(SHA_256, Buffer.alloc(0)))).toBeUndefined();
  });
});
