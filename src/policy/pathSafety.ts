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
  return (
    path.startsWith("/") &&
    !path.includes("//") &&
    !UNSAFE_BYTE.test(path) &&
    !UNSAFE_ESCAPE.test(path) &&
    !DOT_SEGMENT.test(path)
  );
}
