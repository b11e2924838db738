import { decodeBase64 } from "../base64.ts";
import type { Denial, Presented } from "../model.ts";
import { DENIALS } from "./denials.ts";

/** What an Authorization header of the scheme presents. */
export interface Authorization extends Presented {
  readonly signedHeaders: SignedHeaderNames;
  readonly signature: Buffer;
}

/** Names of the signed headers in lower case, no name twice. */
export interface SignedHeaderNames {
  /** In the caller's order. */
  readonly listed: readonly string[];
  readonly sorted: readonly string[];
}

const MAX_BYTES = 4_096;
const MAX_SIGNED_HEADERS = 32;
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;

/**
 * Parses `hmac id="…", algorithm="…", headers="…", signature="…"`. The parameters may come in any order, with or without
 * blanks around comma and equals sign, as real clients vary; a parameter twice, an unknown one, and a second header
 * that a proxy joined on are denied.
 */
export function parseAuthorization(value: string): Authorization | Denial {
  const found = value.length > MAX_BYTES ? undefined : parseParameters(value);
  if (!found) return DENIALS.authorizationMalformed;
  const { id, algorithm, headers, signature } = found;
  if (!id || !signature) return DENIALS.keyOrSignatureMissing;
  if (!algorithm || headers === undefined) return DENIALS.authorizationIncomplete;
  const signedHeaders = parseSignedHeaders(headers);
  const mac = decodeBase64(signature);
  if (!signedHeaders || !mac) return DENIALS.authorizationMalformed;
  return { keyId: id, algorithm: algorithm.toLowerCase(), signedHeaders, signature: mac };
}

interface Parameters {
  id?: string;
  algorithm?: string;
  headers?: string;
  signature?: string;
}

/** One pass from left to right with a sticky expression, so that no input makes it look at a byte twice. */
const PARAMETER =
  /(id|algorithm|headers|signature)[ \t]{0,8}=[ \t]{0,8}"([^"]*)"[ \t]{0,8}(?:,[ \t]{0,8}|($))/iy;
const SCHEME = /[ \t]*hmac[ \t]+/iy;

function parseParameters(value: string): Parameters | undefined {
  SCHEME.lastIndex = 0;
  if (!SCHEME.test(value)) return undefined;
  const found: Parameters = {};
  PARAMETER.lastIndex = SCHEME.lastIndex;
  for (;;) {
    const match = PARAMETER.exec(value);
    if (!match) return undefined;
    const name = (match[1] ?? "").toLowerCase() as keyof Parameters;
    if (found[name] !== undefined) return undefined;
    found[name] = match[2] ?? "";
    if (match[3] !== undefined) return found;
  }
}

/** Callers of one program list the same names each time. Bounded: what a client chooses cannot make it grow. */
const KNOWN_LISTS = new Map<string, SignedHeaderNames>();
const MAX_KNOWN_LISTS = 256;
const MAX_KNOWN_LENGTH = 128;

/** Undefined when a name is no token (so no pseudo header), comes twice, or there are too many. */
function parseSignedHeaders(list: string): SignedHeaderNames | undefined {
  const known = KNOWN_LISTS.get(list);
  if (known) return known;
  const names = list
    .toLowerCase()
    .split(" ")
    .filter((name) => name !== "");
  const isFine =
    names.length <= MAX_SIGNED_HEADERS &&
    names.every((name) => TOKEN.test(name)) &&
    new Set(names).size === names.length;
  if (!isFine) return undefined;
  const found = { listed: names, sorted: names.toSorted() };
  if (list.length <= MAX_KNOWN_LENGTH && KNOWN_LISTS.size < MAX_KNOWN_LISTS) KNOWN_LISTS.set(list, found);
  return found;
}
