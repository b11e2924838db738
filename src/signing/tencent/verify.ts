import { isHmacOf } from "../algorithms.ts";
import type { Authorization } from "../hmacAuthorization/authorizationHeader.ts";
import { DENIALS, signatureMismatch } from "../hmacAuthorization/denials.ts";
import { isInWindow, parseDate } from "../hmacAuthorization/rfc1123.ts";
import { checkSignedHeaders, hasLineFeed } from "../hmacAuthorization/signedHeaders.ts";
import type { Denial, SignatureInput, SignedRequest, VerifyHint } from "../model.ts";
import type { CallerSettings } from "../nearMiss.ts";
import { bodyUnverifiable, requestUnverifiable } from "../unverifiable.ts";
import { type CandidateInput, candidates, documentedString, isDocumented, stringOf } from "./candidates.ts";
import { type Parts, takeApart } from "./parts.ts";
import type { TencentVariant } from "./variants.ts";

/** Sorting half a million parameters takes half a second: no unauthenticated client gets that for one request. */
const MAX_PARAMETERS = 10_000;

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Z]+$/;

/** Headers that are signed whether they are listed or not. */
const ALWAYS_SIGNED = ["accept", "content-type", "content-md5", "x-date"];

/** A signature of this scheme to verify. */
export type TencentSignature = SignatureInput<Authorization, CallerSettings>;

/**
 * Every listed header must have been sent exactly once, the headers that the scheme always signs at most once, and none
 * may be uncertain. Then the instant of the X-Date, in epoch milliseconds: it must be signed, well-formed, and at most
 * `skewMs` away from `now`, either way.
 */
export function checkHeaders(
  request: SignedRequest,
  authorization: Authorization,
  now: number,
  skewMs: number,
): number | Denial {
  const denial = checkSignedHeaders(request, authorization, ALWAYS_SIGNED);
  if (denial) return denial;
  const date = signedDate(request, authorization);
  if (date === undefined) return DENIALS.dateInvalid;
  return isInWindow(date, now, skewMs) ? date : DENIALS.dateOutOfWindow;
}

/** The instant of the X-Date, in epoch milliseconds; undefined unless it is signed and well-formed. */
function signedDate({ headers }: SignedRequest, { signedHeaders }: Authorization): number | undefined {
  const sent = signedHeaders.listed.includes("x-date") ? headers.single("x-date") : undefined;
  return sent === undefined ? undefined : parseDate(sent);
}

/**
 * The variant of the string to sign that the signature is the key's over, body included; a denial for none. The algorithm
 * must be a supported one, and the headers must have been checked.
 */
export function verifySignature(signature: TencentSignature, hint?: VerifyHint): TencentVariant | Denial {
  const { request, presented } = signature;
  if (request.body.kind === "unverifiable") return bodyUnverifiable(request.body.why);
  const parts = takeApart(request);
  const denial = unverifiable(request, presented, parts);
  if (denial) return denial;
  const of = candidateInput(signature, parts, hint);
  const remembered = hint?.variant as TencentVariant | undefined;
  const first = remembered && stringOf(remembered, of);
  if (first && matches(first.stringToSign, signature)) return remembered;
  let documented: string | undefined;
  for (const { variant, stringToSign } of candidates(of, first?.written)) {
    if (matches(stringToSign, signature)) return variant;
    if (isDocumented(variant)) documented = stringToSign;
  }
  return signatureMismatch(documented ?? documentedString(of, of.input.environmentPrefix));
}

/** What the strings to sign of a signature are made of. */
export function candidateInput(
  { request, presented, place, settings }: TencentSignature,
  parts = takeApart(request),
  hint?: VerifyHint,
): CandidateInput {
  const { environmentPrefix, environmentPrefixes } = place;
  const { parameters, openVariants } = settings;
  const input = environmentPrefixes
    ? { environmentPrefix, environmentPrefixes, parameters, openVariants, hint }
    : { environmentPrefix, parameters, openVariants, hint };
  return { request, parts, authorization: presented, input };
}

/** Whether the signature is that of this string to sign. */
export function matches(
  stringToSign: string,
  { presented, key }: Pick<TencentSignature, "presented" | "key">,
): boolean {
  return isHmacOf(stringToSign, presented.algorithm, presented.signature, key);
}

/** What would leave open where one signed field ends and the next begins. */
function unverifiable(
  request: SignedRequest,
  authorization: Authorization,
  parts: Parts,
): Denial | undefined {
  if (!TOKEN.test(request.method)) return requestUnverifiable("the method is not in upper case");
  if (parts.contentType.includes(",")) return requestUnverifiable("Content-Type holds a comma");
  if (parts.isFormBody && parts.path.includes("&"))
    return requestUnverifiable("a form was sent to a path that holds &");
  if (fieldHasLineFeed(parts) || hasLineFeed(request, authorization))
    return requestUnverifiable("a signed header holds a line feed");
  const mayBeMany = (parts.query?.length ?? 0) + parts.formBody.length + 2 > MAX_PARAMETERS;
  return mayBeMany && parameterCount(parts) > MAX_PARAMETERS ? DENIALS.tooManyParameters : undefined;
}

function fieldHasLineFeed({ accept, contentType, sentMd5 }: Parts): boolean {
  return accept.includes("\n") || contentType.includes("\n") || sentMd5.includes("\n");
}

/** An upper bound, counted without splitting anything. */
function parameterCount(parts: Parts): number {
  return count(parts.query ?? "") + count(parts.formBody);
}

function count(text: string): number {
  let found = 1;
  for (let at = text.indexOf("&"); at >= 0; at = text.indexOf("&", at + 1)) found += 1;
  return found;
}
