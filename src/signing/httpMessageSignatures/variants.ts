import type { OpenVariant } from "../../api/vocabulary.ts";
import type { SignedRequest, Variant } from "../model.ts";
import { type AuthoritySpelling, authoritySpellings } from "./authority.ts";
import type { Component } from "./component.ts";

/** What a verifier behind a proxy does not know of the request as its client saw it. */
export interface HttpVariant extends Variant {
  /** TLS may end in front of Envoy, so the client may have used either. */
  readonly uriScheme: "https" | "http";
  readonly authority: AuthoritySpelling;
}

const NONE: readonly OpenVariant[] = [];
const KNOWN = new Map<string, HttpVariant>();

/** The same object for the same values: it is a key of caches. */
function variantOf(uriScheme: HttpVariant["uriScheme"], authority: AuthoritySpelling): HttpVariant {
  const name = `documented${uriScheme === "https" ? "" : "+http"}${authority === "normalized" ? "" : `+authority-${authority}`}`;
  const known: HttpVariant = KNOWN.get(name) ?? {
    scheme: "HTTPMessageSignatures",
    name,
    openVariants: NONE,
    uriScheme,
    authority,
  };
  KNOWN.set(name, known);
  return known;
}

/** The variant of RFC 9421 for a client that uses https. */
export const DOCUMENTED = variantOf("https", "normalized");
const ONLY_DOCUMENTED: readonly HttpVariant[] = [DOCUMENTED];

const WITH_URI_SCHEME = new Set(["@scheme", "@target-uri"]);
const WITH_AUTHORITY = new Set(["@authority", "@target-uri"]);

/** The variants that differ for a request and what its signature covers; at most six. */
export function variantsFor(
  { authority }: SignedRequest,
  components: readonly Component[],
): readonly HttpVariant[] {
  const spellings = components.some(({ name }) => WITH_AUTHORITY.has(name))
    ? authoritySpellings(authority)
    : [];
  const hasUriScheme = components.some(({ name }) => WITH_URI_SCHEME.has(name));
  if (spellings.length < 2 && !hasUriScheme) return ONLY_DOCUMENTED;
  const authorities: readonly AuthoritySpelling[] = spellings.length > 0 ? spellings : ["normalized"];
  const schemes = hasUriScheme ? (["https", "http"] as const) : (["https"] as const);
  return schemes.flatMap((uriScheme) => authorities.map((spelling) => variantOf(uriScheme, spelling)));
}
