import { decodeBase64 } from "../base64.ts";
import type { Denial, Headers, Presented } from "../model.ts";
import { DENIALS } from "./denials.ts";

/** What the X-Ca-* headers of a request present. */
export interface Credentials extends Presented {
  readonly signedHeaders: SignedHeaderNames;
  readonly signature: Buffer;
}

/** Names of the signed headers in the caller's order, no name twice. */
interface SignedHeaderNames {
  /** In the caller's spelling, which is the one that it signed: proxies change that of the headers themselves. */
  readonly listed: readonly string[];
  /** The same in lower case. */
  readonly names: readonly string[];
  /** Both sorted by the caller's spelling: most clients sign sorted lines, in whatever order they list the names. Undefined where the list is sorted. */
  readonly sorted?: Pick<SignedHeaderNames, "listed" | "names">;
}

/** By what X-Ca-Signature-Method names them; a request without it has the default. */
const METHODS: ReadonlyMap<string, string> = new Map([
  ["hmacsha256", "hmac-sha256"],
  ["hmacsha1", "hmac-sha1"],
]);
const DEFAULT_METHOD = "hmac-sha256";

const MAX_BYTES = 4_096;
const MAX_SIGNED_HEADERS = 32;
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;

/** What the request presents; undefined without X-Ca-Signature. Each of the headers may be sent once. */
export function readCredentials(headers: Headers): Credentials | Denial | undefined {
  if (headers.count("x-ca-signature") === 0) return undefined;
  const sent = headers.single("x-ca-signature");
  if (sent === "") return undefined;
  const repeated = ["x-ca-key", "x-ca-signature-headers", "x-ca-signature-method"].some(
    (name) => headers.count(name) > 1,
  );
  if (sent === undefined || repeated) return DENIALS.signedHeaderRepeated;
  const keyId = headers.single("x-ca-key") ?? "";
  if (keyId === "") return DENIALS.keyMissing;
  const list = headers.single("x-ca-signature-headers") ?? "";
  const signature = decodeBase64(sent);
  const signedHeaders = list.length > MAX_BYTES ? undefined : parseSignedHeaders(list);
  if (!signature || !signedHeaders) return DENIALS.malformed;
  const method = headers.single("x-ca-signature-method") ?? "";
  const algorithm =
    method === "" ? DEFAULT_METHOD : (METHODS.get(method.toLowerCase()) ?? method.toLowerCase());
  return { keyId, algorithm, signedHeaders, signature };
}

/** How X-Ca-Signature-Method names an algorithm; undefined for the default, and for one that the scheme lacks. */
export function methodNamed(algorithm: string): string | undefined {
  return algorithm === "hmac-sha1" ? "HmacSHA1" : undefined;
}

/** Callers of one program list the same names each time. Bounded: what a client chooses cannot make it grow. */
const KNOWN_LISTS = new Map<string, SignedHeaderNames>();
const MAX_KNOWN_LISTS = 256;
const MAX_KNOWN_LENGTH = 256;

/** Undefined when a name is no token, comes twice, or there are too many. */
function parseSignedHeaders(list: string): SignedHeaderNames | undefined {
  const known = KNOWN_LISTS.get(list);
  if (known) return known;
  const listed = list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const names = listed.map((name) => name.toLowerCase());
  const isFine =
    names.length <= MAX_SIGNED_HEADERS &&
    names.every((name) => TOKEN.test(name)) &&
    new Set(names).size === names.length;
  if (!isFine) return undefined;
  const sorted = listed.toSorted();
  const isSorted = sorted.every((name, at) => name === listed[at]);
  const found = {
    ...{ listed, names },
    ...(isSorted ? {} : { sorted: { listed: sorted, names: sorted.map((name) => name.toLowerCase()) } }),
  };
  if (list.length <= MAX_KNOWN_LENGTH && KNOWN_LISTS.size < MAX_KNOWN_LISTS) KNOWN_LISTS.set(list, found);
  return found;
}
