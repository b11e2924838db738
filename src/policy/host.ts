/**
 * The host that an authority names: lower case, without port and one dot at the end, IPv6 literals kept in brackets.
 * Undefined for what names no single host: nothing, a user, a list, blanks, or bytes that are not ASCII.
 */
export function canonicalHost(authority: string): string | undefined {
  if (isPlain(authority)) return authority;
  const lower = authority.toLowerCase();
  const literal = /^(\[[0-9a-f:.]+\])(?::\d{0,5})?$/.exec(lower);
  if (literal) return literal[1];
  const name = /^([!-~]+?)\.?(?::\d{0,5})?$/.exec(lower)?.[1];
  return name === undefined || /[,@:[\]/?#\\]/.test(name) || name.endsWith(".") ? undefined : name;
}

/** Whether an authority is a canonical host already: letters in lower case, digits, `-`, and dots but not at the end. */
function isPlain(authority: string): boolean {
  const { length } = authority;
  for (let at = 0; at < length; at += 1) {
    const code = authority.charCodeAt(at);
    const isLetter = code >= 0x61 && code <= 0x7a;
    const isDigit = code >= 0x30 && code <= 0x39;
    if (!isLetter && !isDigit && code !== 0x2d && (code !== 0x2e || at === length - 1)) return false;
  }
  return length > 0;
}

/** The patterns that cover a host, most specific first: itself, then each wildcard; `*.b.c` covers `a.b.c` and `x.a.b.c`, never `b.c`. */
export function* patternsOf(host: string): Generator<string> {
  yield host;
  for (let dot = host.indexOf("."); dot >= 0; dot = host.indexOf(".", dot + 1)) yield `*${host.slice(dot)}`;
}
