import { createHash, type Hash, hash } from "node:crypto";
import { parseDictionary } from "structured-headers";
import type { Denial, SignedRequest } from "../model.ts";
import { digestWrong } from "./denials.ts";

/** The digest algorithms of RFC 9530 that are active, with their names for OpenSSL. */
const DIGESTS: ReadonlyMap<string, string> = new Map([
  ["sha-256", "sha256"],
  ["sha-512", "sha512"],
]);
const MAX_BYTES = 1_024;
const EMPTY = Buffer.alloc(0);

/**
 * Why Content-Digest is not that of the body that arrived; undefined if it is, or was not sent. All digests of a known
 * algorithm must match, and there must be one. The body must be verifiable.
 */
export function checkContentDigest(request: SignedRequest): Denial | undefined {
  const value = request.headers.single("content-digest");
  if (value === undefined) return undefined;
  const digests = digestsIn(value);
  if (!digests) return digestWrong("is no dictionary of byte sequences (RFC 9530)");
  if (digests.length === 0) return digestWrong("has neither sha-256 nor sha-512");
  const bytes = request.body.kind === "bytes" ? request.body.bytes : EMPTY;
  const wrong = digests.find(({ name, digest }) => digestOf(bytes, name) !== digest);
  return wrong && digestWrong(`has another ${wrong.name} than the body that arrived`);
}

/** One digest of a known algorithm. */
interface SentDigest {
  readonly name: string;
  /** In base64. */
  readonly digest: string;
}

/** What nearly all clients send: one digest of SHA-256. */
const PLAIN = /^sha-256=:([A-Za-z0-9+/]{43}=):$/;

function digestsIn(value: string): readonly SentDigest[] | undefined {
  const plain = PLAIN.exec(value)?.[1];
  if (plain !== undefined) return [{ name: "sha-256", digest: plain }];
  if (value.length > MAX_BYTES) return undefined;
  try {
    return [...parseDictionary(value)].flatMap(([name, [digest]]) => {
      if (!(digest instanceof ArrayBuffer)) throw new TypeError(`${name} is no byte sequence`);
      return DIGESTS.has(name) ? [{ name, digest: Buffer.from(digest).toString("base64") }] : [];
    });
  } catch {
    return undefined; // the denial names the grammar, which is all that is known
  }
}

/** A body is hashed once however often it is asked for. Nothing here changes a body. */
const computed = new WeakMap<Buffer, Map<string, string>>();

function digestOf(body: Buffer, name: string): string {
  const known = computed.get(body)?.get(name);
  return known ?? remember(body, name, hash(DIGESTS.get(name) ?? "", body, "base64"));
}

function remember(body: Buffer, name: string, digest: string): string {
  const digests = computed.get(body) ?? new Map<string, string>();
  computed.set(body, digests.set(name, digest));
  return digest;
}

/** Content-Digest of a body: `sha-256=:…:`. */
export function contentDigest(body: Buffer): string {
  return `sha-256=:${digestOf(body, "sha-256")}:`;
}

/** The body whose digest checkContentDigest() computes; undefined for none. */
export function bodyToHash({ body, headers }: SignedRequest): Buffer | undefined {
  if (body.kind !== "bytes") return undefined;
  return (digestsIn(headers.single("content-digest") ?? "") ?? []).length > 0 ? body.bytes : undefined;
}

/** 256 KiB take a fifth of a millisecond by SHA-256. */
const STEP_BYTES = 262_144;

/** Computes the digests that checkContentDigest() compares for this request, of the Buffer that bodyToHash() returned. */
export function* hashInSteps(body: Buffer, { headers }: SignedRequest): Generator<void, void> {
  const names = new Set((digestsIn(headers.single("content-digest") ?? "") ?? []).map(({ name }) => name));
  const hashes = [...names].map((name): [string, Hash] => [name, createHash(DIGESTS.get(name) ?? "")]);
  for (let at = 0; at < body.length; at += STEP_BYTES) {
    for (const [, digest] of hashes) digest.update(body.subarray(at, at + STEP_BYTES));
    yield;
  }
  for (const [name, digest] of hashes) remember(body, name, digest.digest("base64"));
}
