import { FAILURES, type Failure } from "./failures.ts";

/** What an Authorization header of the scheme says. */
export interface Authorization {
  readonly keyId: string;
  /** In lower case; not yet known to be supported. */
  readonly algorithm: string;
  /** Names of the signed headers in lower case, in the caller's order, no name twice. */
  readonly signedHeaders: readonly string[];
  readonly signature: Buffer;
}

export type ParsedAuthorization =
  | { readonly ok: true; readonly authorization: Authorization }
  | { readonly ok: false; readonly failure: Failure };

const MAX_BYTES = 4_096;
const MAX_SIGNED_HEADERS = 32;
const PARAMETERS = ["id", "algorithm", "headers", "signature"];
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * Parses `hmac id="…", algorithm="…", headers="…", signature="…"`. The parameters may come in any order, with or without
 * blanks around comma and equals sign, as real clients vary; a parameter twice, an unknown one, and a second header
 * that a proxy joined on are refused.
 */
export function parseAuthorization(value: string): ParsedAuthorization {
  const parameters = value.length > MAX_BYTES ? undefined : parseParameters(value);
  if (!parameters) return fail(FAILURES.authorizationMalformed);
  const [id, algorithm, headers, signature] = PARAMETERS.map((name) => parameters.get(name));
  if (!id || !signature) return fail(FAILURES.keyOrSignatureMissing);
  if (!algorithm || headers === undefined) return fail(FAILURES.authorizationIncomplete);
  const signedHeaders = parseSignedHeaders(headers);
  const mac = decodeBase64(signature);
  if (!signedHeaders || !mac) return fail(FAILURES.authorizationMalformed);
  return {
    ok: true,
    authorization: { keyId: id, algorithm: algorithm.toLowerCase(), signedHeaders, signature: mac },
  };
}

function fail(failure: Failure): ParsedAuthorization {
  return { ok: false, failure };
}

/** One pass from left to right with a sticky expression, so that no input makes it look at a byte twice. */
function parseParameters(value: string): ReadonlyMap<string, string> | undefined {
  const scheme = /^[ \t]*hmac[ \t]+/i.exec(value);
  if (!scheme) return undefined;
  const parameter = /([A-Za-z]{1,16})[ \t]{0,8}=[ \t]{0,8}"([^"]*)"[ \t]{0,8}(,[ \t]{0,8}|$)/y;
  const found = new Map<string, string>();
  parameter.lastIndex = scheme[0].length;
  for (;;) {
    const match = parameter.exec(value);
    const name = match?.[1]?.toLowerCase();
    if (!match || !name || !PARAMETERS.includes(name) || found.has(name)) return undefined;
    found.set(name, match[2] ?? "");
    if (match[3] === "") return found;
  }
}

/** Undefined when a name is no token (so no pseudo header), comes twice, or there are too many. */
function parseSignedHeaders(list: string): readonly string[] | undefined {
  const names = list
    .toLowerCase()
    .split(" ")
    .filter((name) => name !== "");
  const fine = names.length <= MAX_SIGNED_HEADERS && names.every((name) => TOKEN.test(name));
  return fine && new Set(names).size === names.length ? names : undefined;
}

/** Only the one canonical spelling, so that a signature has no twin. */
function decodeBase64(text: string): Buffer | undefined {
  if (!BASE64.test(text)) return undefined;
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : undefined;
}
