/** Path and query of a request target, cut at the first `?` by hand: URL parsers take `//admin/x` for a host. */
export function splitTarget(target: string): { readonly path: string; readonly query: string } {
  const cut = target.indexOf("?");
  return cut < 0 ? { path: target, query: "" } : { path: target.slice(0, cut), query: target.slice(cut + 1) };
}

/** Fragments, backslashes, parameters of segments, control bytes, DEL and bytes above ASCII. */
const UNSAFE_BYTE = /[#\\;]|[^!-~]/;

/** Escapes of slash, backslash, dot and NUL, once or twice over; and a `%` that begins no escape. */
const UNSAFE_ESCAPE = /%(?:25)?(?:2f|5c|2e|00)|%(?![0-9a-f]{2})/i;

const DOT_SEGMENT = /\/\.{1,2}(?:\/|$)/;

/**
 * Whether proxy, verifier and upstream can only understand the path in one way. What is refused here led to bypasses
 * elsewhere (CVE-2021-29492, CVE-2021-32779, CVE-2026-33186): `//`, dot segments, escaped slashes, fragments.
 */
export function isSafePath(path: string): boolean {
  return isPlainPath(path) || isSafeInDetail(path);
}

/** Whether a path needs no closer look: it has neither escapes nor dots behind a slash. */
function isPlainPath(path: string): boolean {
  let before = 0;
  for (let at = 0; at < path.length; at += 1) {
    const code = path.charCodeAt(at);
    if (code <= 0x20 || code > 0x7e || code === PERCENT || code === HASH) return false;
    if (code === BACKSLASH || code === SEMICOLON) return false;
    if (before === SLASH && (code === SLASH || code === DOT)) return false;
    before = code;
  }
  return path.charCodeAt(0) === SLASH;
}

const [PERCENT, HASH, BACKSLASH, SEMICOLON, SLASH, DOT] = [0x25, 0x23, 0x5c, 0x3b, 0x2f, 0x2e];

function isSafeInDetail(path: string): boolean {
  return (
    path.startsWith("/") &&
    !path.includes("//") &&
    !UNSAFE_BYTE.test(path) &&
    !UNSAFE_ESCAPE.test(path) &&
    !DOT_SEGMENT.test(path)
  );
}
