import type { Candidate, Denial, SignatureInput, SignedRequest, VerifyHint } from "../model.ts";
import { bodyUnverifiable, requestUnverifiable } from "../unverifiable.ts";
import { checkContentDigest } from "./contentDigest.ts";
import { checkCoverage } from "./coverage.ts";
import { algorithmUnsupported, DENIALS, signatureMismatch } from "./denials.ts";
import { algorithmOfKey, isSignatureOver } from "./signatureAlgorithms.ts";
import { checkComponent, signatureBase } from "./signatureBase.ts";
import type { HttpSignature } from "./signatureInput.ts";
import { DOCUMENTED, type HttpVariant, variantsFor } from "./variants.ts";

/** A signature of this scheme to verify; the scheme has no settings that change what it verifies. */
export type HttpSignatureInput = SignatureInput<HttpSignature, unknown>;

const METHOD = /^[!#$%&'*+\-.^_`|~0-9A-Z]+$/;
/** What a host with or without a port is made of; no character that ends an authority in a URL. */
const AUTHORITY = /^[A-Za-z0-9._~%[\]:-]+$/;

/**
 * What the signature must cover is covered, each covered component has one certain value, `created` is at most `skewMs` away
 * from `now`, and `expires` is not over. Returns `created` in epoch milliseconds.
 */
export function checkSignature(
  request: SignedRequest,
  presented: HttpSignature,
  now: number,
  skewMs: number,
): number | Denial {
  const denial = unverifiable(request, presented) ?? checkCoverage(presented.list, request);
  if (denial) return denial;
  const { created, expires } = presented;
  if (created === undefined) return DENIALS.createdMissing;
  if (Math.abs(now - created * 1_000) > skewMs) return DENIALS.createdOutOfWindow;
  return expires !== undefined && now >= expires * 1_000 ? DENIALS.expired : created * 1_000;
}

function unverifiable(request: SignedRequest, { list: { components } }: HttpSignature): Denial | undefined {
  const { method, path, authority, headers } = request;
  if (!METHOD.test(method)) return requestUnverifiable("the method is not in upper case");
  if (!AUTHORITY.test(authority))
    return requestUnverifiable("the authority is not a host with or without a port");
  if (!path.startsWith("/")) return requestUnverifiable("the path does not begin with /");
  for (const component of components) {
    const denial = checkComponent(component, request);
    if (denial) return denial;
    if (headers.isUncertain(component.name))
      return requestUnverifiable("the proxy replaced bytes of a signed header");
    if (headers.single(component.name)?.includes("\n"))
      return requestUnverifiable("a signed header holds a line feed");
  }
  return undefined;
}

/**
 * The variant of the signature base that the signature is the key's over; a denial for none, or if Content-Digest is not the
 * body's. The signature must have passed checkSignature(). The body is hashed last: only a caller who has the key gets that done.
 */
export function verifySignature(input: HttpSignatureInput, hint?: VerifyHint): HttpVariant | Denial {
  const { request, presented, key } = input;
  if (request.body.kind === "unverifiable") return bodyUnverifiable(request.body.why);
  if (presented.algorithm !== "" && presented.algorithm !== algorithmOfKey(key))
    return algorithmUnsupported(presented.algorithm);
  const remembered = hint?.variant as HttpVariant | undefined;
  for (const variant of inOrder(variantsFor(request, presented.list.components), remembered))
    if (isSignatureOver(signatureBase(request, presented, variant), presented.signature, key))
      return checkContentDigest(request) ?? variant;
  return signatureMismatch(signatureBase(request, presented, DOCUMENTED));
}

function inOrder(variants: readonly HttpVariant[], first: HttpVariant | undefined): readonly HttpVariant[] {
  if (variants.length === 1 || !first || !variants.includes(first)) return variants;
  return [first, ...variants.filter((one) => one !== first)];
}

/** The bases that verifySignature() tries. */
export function candidates({
  request,
  presented,
}: Pick<HttpSignatureInput, "request" | "presented">): readonly Candidate[] {
  return variantsFor(request, presented.list.components).map((variant) => ({
    variant,
    stringToSign: signatureBase(request, presented, variant),
  }));
}
