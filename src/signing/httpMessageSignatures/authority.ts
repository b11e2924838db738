/** The spellings of an authority that clients sign, the one of RFC 9421 first. */
const AUTHORITY_SPELLINGS = ["normalized", "port-kept", "as-sent"] as const;
export type AuthoritySpelling = (typeof AUTHORITY_SPELLINGS)[number];

const DEFAULT_PORT = /:(?:80|443)$/;

/**
 * An authority in one spelling: in lower case without a default port (RFC 9421, section 2.2.3), in lower case, or as it was
 * sent. Which port is the default depends on the client's scheme, which a verifier behind a proxy does not know: either is.
 */
export function spelledAuthority(authority: string, spelling: AuthoritySpelling): string {
  if (spelling === "as-sent") return authority;
  const lower = authority.toLowerCase();
  return spelling === "port-kept" ? lower : lower.replace(DEFAULT_PORT, "");
}

/** The spellings that differ for an authority. */
export function authoritySpellings(authority: string): readonly AuthoritySpelling[] {
  const lower = authority.toLowerCase();
  const hasPort = authority.includes(":") && DEFAULT_PORT.test(authority);
  if (lower === authority && !hasPort) return NORMALIZED;
  const texts = new Set<string>();
  return AUTHORITY_SPELLINGS.filter((spelling) => {
    const text = spelledAuthority(authority, spelling);
    return !texts.has(text) && texts.add(text);
  });
}

const NORMALIZED: readonly AuthoritySpelling[] = ["normalized"];
