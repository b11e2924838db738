/** Characters that RFC 3986 does not allow in a path as they are: callers, proxies and upstreams may send them escaped or not. */
const TO_ESCAPE = /["<>[\\\]^`{|}]|[^!-~]/gu;
const ESCAPE = /%[0-9a-f]{2}/gi;
const HAS_SPELLINGS = new RegExp(`%|${TO_ESCAPE.source}`);

/**
 * The one spelling of a path under which grants are kept and looked up: hex digits in upper case, and characters that a
 * path cannot hold as they are percent-encoded as UTF-8, as JavaScript's `encodeURI` does. Escapes of other characters
 * stay: whether an upstream decodes `%61` is not known here. `/` and the number of segments stay too.
 */
export function canonicalPath(path: string): string {
  if (!HAS_SPELLINGS.test(path)) return path;
  return path
    .replace(ESCAPE, (triplet) => triplet.toUpperCase())
    .replace(TO_ESCAPE, (character) =>
      [...Buffer.from(character, "utf8")]
        .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
        .join(""),
    );
}

/** Whether a segment of the path ends behind its first `length` characters, so that they are a prefix of whole segments. */
export function isSegmentEnd(path: string, length: number): boolean {
  return length === path.length || path.charCodeAt(length) === SLASH;
}

const SLASH = 0x2f;

/** Escapes of printable ASCII that no path needs to escape; a `%` itself stays, or it would begin an escape. */
const PLAIN_ESCAPE = /%(?!25)(?:2[1-9a-f]|[3-6][0-9a-f]|7[0-9a-e])/gi;

/**
 * How an upstream may read the path that decodes such escapes: `/%61dmin` as `/admin`. Equal to the path if it has no such escapes, as
 * behind a proxy that decodes unreserved ones itself.
 */
export function decodedPath(path: string): string {
  return path.replace(PLAIN_ESCAPE, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)));
}

/** A byte of UTF-8 behind the first. */
const NEXT = "%[89AB][0-9A-F]";
const UTF8 = `(C[2-9A-F]|D[0-9A-F])${NEXT}|E[0-9A-F](${NEXT}){2}|F[0-4](${NEXT}){3}`;

/**
 * What the schema of a grant's path asks for, as regular expressions without a backslash, which both CEL engines read alike.
 * Escapes: of a blank, of what a path cannot hold as it is, and of UTF-8 of two, three and four bytes.
 */
export const CANONICAL_ESCAPES = `^([^%]|%(2[02]|3[CE]|5[BDE]|60|7[BCD]|${UTF8}))*$`;
/** Encodings that are longer than necessary, surrogates, and what lies beyond Unicode. */
export const NOT_UTF8 = "%E0%[89]|%ED%[AB]|%F0%8|%F4%[9AB]";
/** What proxies resolve. */
export const DOT_SEGMENTS = "//|/[.]{1,2}(/|$)";
/** The most characters of a grant's path. */
export const MAX_PATH_LENGTH = 512;

const canonicalEscapes = new RegExp(CANONICAL_ESCAPES);
const notUtf8 = new RegExp(NOT_UTF8);
const dotSegments = new RegExp(DOT_SEGMENTS);

/** Whether a path is spelt as the schema of a grant asks for; whether it looks like a pattern is not looked at. */
export function isGrantPath(text: string): boolean {
  return (
    text.length <= MAX_PATH_LENGTH &&
    /^\/[!-~]*$/.test(text) &&
    !/[?#;\\]/.test(text) &&
    canonicalEscapes.test(text) &&
    !notUtf8.test(text) &&
    !dotSegments.test(text)
  );
}
