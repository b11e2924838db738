import { decodeBase64 } from "../base64.ts";
import type { Denial, Presented, SignedRequest } from "../model.ts";
import { DENIALS } from "./denials.ts";

/** What an Authorization header of the vendor's schemes presents. */
export interface Authorization extends Presented {
  readonly signedHeaders: SignedHeaderNames;
  readonly signature: Buffer;
}

/** Names of the signed headers in lower case, no name twice. */
interface SignedHeaderNames {
  /** In the caller's order. */
  readonly listed: readonly string[];
  readonly sorted: readonly string[];
}

/** The header of these credentials, in the vendor's spelling. */
export function authorizationText({ keyId, algorithm, signedHeaders, signature }: Authorization): string {
  const headers = signedHeaders.listed.join(" ");
  return `hmac id="${keyId}", algorithm="${algorithm}", headers="${headers}", signature="${signature.toString("base64")}"`;
}

/** One Authorization that parses. A request without any presents nothing. */
export function readAuthorization({ headers }: SignedRequest): Authorization | Denial | undefined {
  const count = headers.count("authorization");
  if (count > 1) return DENIALS.authorizationMalformed;
  const value = count === 0 ? undefined : headers.single("authorization");
  return value === undefined || value === "" ? undefined : parseAuthorization(value);
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
  id: string | undefined;
  algorithm: string | undefined;
  headers: string | undefined;
  signature: string | undefined;
}

const NAMES = ["id", "algorithm", "headers", "signature"] as const satisfies readonly (keyof Parameters)[];
const SCHEME = "hmac";
const MAX_BLANKS = 8;
const [BLANK, TAB, QUOTE, COMMA, EQUALS] = [0x20, 0x09, 0x22, 0x2c, 0x3d];

/** One pass from left to right, by hand: an expression with captures takes three times as long. */
function parseParameters(value: string): Parameters | undefined {
  const scheme = skipBlanks(value, 0, value.length);
  if (!isAt(value, scheme, SCHEME)) return undefined;
  let at = skipBlanks(value, scheme + SCHEME.length, value.length);
  if (at === scheme + SCHEME.length) return undefined;
  const found: Parameters = { id: undefined, algorithm: undefined, headers: undefined, signature: undefined };
  for (;;) {
    const name = nameAt(value, at);
    if (name === undefined || found[name] !== undefined) return undefined;
    at = skipBlanks(value, at + name.length);
    if (value.charCodeAt(at) !== EQUALS) return undefined;
    at = skipBlanks(value, at + 1);
    const end = value.charCodeAt(at) === QUOTE ? value.indexOf('"', at + 1) : -1;
    if (end < 0) return undefined;
    found[name] = value.slice(at + 1, end);
    at = skipBlanks(value, end + 1);
    if (at === value.length) return found;
    if (value.charCodeAt(at) !== COMMA) return undefined;
    at = skipBlanks(value, at + 1);
  }
}

function nameAt(value: string, at: number): keyof Parameters | undefined {
  for (const name of NAMES) if (isAt(value, at, name)) return name;
  return undefined;
}

/** Where the blanks and tabs that begin at `from` end, of which at most so many are skipped. */
function skipBlanks(value: string, from: number, most = MAX_BLANKS): number {
  let at = from;
  while (at - from < most && isBlank(value.charCodeAt(at))) at += 1;
  return at;
}

function isBlank(code: number): boolean {
  return code === BLANK || code === TAB;
}

/** Whether the word, which is in lower case, stands there in any case. */
function isAt(value: string, at: number, word: string): boolean {
  if (at + word.length > value.length) return false;
  for (let letter = 0; letter < word.length; letter += 1)
    if ((value.charCodeAt(at + letter) | 0x20) !== word.charCodeAt(letter)) return false;
  return true;
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
