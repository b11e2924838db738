/**
 * The host that an authority names: lower case, without port and one dot at the end, IPv6 literals kept in brackets.
 * Undefined for what names no single host: nothing, a user, a list, blanks, or bytes that are not ASCII.
 */
export function canonicalHost(authority: string): string | undefined {
  const lower = authority.toLowerCase();
  const literal = /^(\[[0-9a-f:.]+\])(?::\d{0,5})?$/.exec(lower);
  if (literal) return literal[1];
  const name = /^([!-~]+?)\.?(?::\d{0,5})?$/.exec(lower)?.[1];
  return name === undefined || /[,@:[\]/?#\\]/.test(name) || name.endsWith(".") ? undefined : name;
}

/** The patterns that cover a host, most specific first: itself, then each wildcard; `*.b.c` covers `a.b.c` and `x.a.b.c`, never `b.c`. */
export function* patternsOf(host: string): Generator<string> {
  yield host;
  for (let dot = host.indexOf("."); dot >= 0; dot = host.indexOf(".", dot + 1)) yield `*${host.slice(dot)}`;
}
