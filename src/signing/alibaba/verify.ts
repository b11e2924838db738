import { isHmacOf } from "../algorithms.ts";
import type { Denial, SignatureInput, SignedPlace, SignedRequest, VerifyHint } from "../model.ts";
import type { CallerSettings } from "../nearMiss.ts";
import { bodyUnverifiable, requestUnverifiable } from "../unverifiable.ts";
import { documentedString, StringWriter } from "./candidates.ts";
import type { Credentials } from "./credentials.ts";
import { DENIALS, signatureMismatch, signedHeaderMissing, stageMismatch } from "./denials.ts";
import { type Parts, signedValue, takeApart } from "./parts.ts";
import { type AlibabaVariant, LIKELY } from "./variants.ts";

/** Sorting half a million parameters takes half a second: no unauthenticated client gets that for one request. */
const MAX_PARAMETERS = 10_000;

const METHOD = /^[!#$%&'*+\-.^_`|~0-9A-Z]+$/;
/** Milliseconds. */
const TIMESTAMP = /^[1-9][0-9]{12}$/;

/** Headers that the scheme reads whether they are listed or not: each may be sent once. */
const READ = ["accept", "content-type", "content-md5", "date", "x-ca-timestamp", "x-ca-stage"];

/** A signature of this scheme to verify. */
export type AlibabaSignature = SignatureInput<Credentials, CallerSettings>;

/**
 * Every listed header must have been sent exactly once, the headers that the scheme reads at most once, and none may be
 * uncertain. Then the instant of the X-Ca-Timestamp, in epoch milliseconds: it must be listed, well-formed, and at most
 * `skewMs` away from `now`, either way.
 */
export function checkHeaders(
  request: SignedRequest,
  { signedHeaders: { names } }: Credentials,
  now: number,
  skewMs: number,
): number | Denial {
  const { headers } = request;
  for (const name of names) {
    if (headers.count(name) > 1) return DENIALS.signedHeaderRepeated;
    if (signedValue(request, name) === undefined) return signedHeaderMissing(name);
    if (headers.isUncertain(name)) return replacedByProxy();
  }
  for (const name of READ) {
    if (headers.count(name) > 1) return DENIALS.signedHeaderRepeated;
    if (headers.isUncertain(name)) return replacedByProxy();
  }
  const sentAt = names.includes("x-ca-timestamp") ? timestampOf(request) : undefined;
  if (sentAt === undefined) return DENIALS.dateInvalid;
  return Math.abs(now - sentAt) <= skewMs ? sentAt : DENIALS.dateOutOfWindow;
}

function replacedByProxy(): Denial {
  return requestUnverifiable("the proxy replaced bytes of a signed header");
}

/** The instant of the X-Ca-Timestamp, in epoch milliseconds; undefined unless it is well-formed. */
export function timestampOf({ headers }: SignedRequest): number | undefined {
  const text = headers.single("x-ca-timestamp") ?? "";
  return TIMESTAMP.test(text) ? Number(text) : undefined;
}

/**
 * The variant of the string to sign that the signature is the key's over, body included; a denial for none, and for a stage
 * that is not that of the environment. The algorithm must be a supported one, and the headers must have been checked.
 */
export function verifySignature(signature: AlibabaSignature, hint?: VerifyHint): AlibabaVariant | Denial {
  const { request, presented, place, settings } = signature;
  if (request.body.kind === "unverifiable") return bodyUnverifiable(request.body.why);
  const parts = takeApart(request, presented);
  const denial = unverifiable(parts, presented);
  if (denial) return denial;
  const variant = matchingVariant(new StringWriter(parts, settings), signature, hint);
  if (!variant) return signatureMismatch(documentedString(parts));
  return stageDenial(request, place) ?? variant;
}

function matchingVariant(
  writer: StringWriter,
  signature: AlibabaSignature,
  hint: VerifyHint | undefined,
): AlibabaVariant | undefined {
  const remembered = hint?.variant as AlibabaVariant | undefined;
  if (remembered) {
    const stringToSign = writer.stringOf(remembered);
    if (stringToSign !== undefined && matches(stringToSign, signature)) return remembered;
  }
  for (const { variant, stringToSign } of writer.candidates(hint?.likelyOnly === true ? LIKELY : undefined))
    if (matches(stringToSign, signature)) return variant;
  return undefined;
}

/** Whether the signature is that of this string to sign. */
export function matches(
  stringToSign: string,
  { presented, key }: Pick<AlibabaSignature, "presented" | "key">,
): boolean {
  return isHmacOf(stringToSign, presented.algorithm, presented.signature, key);
}

/** What would leave open where one signed field ends and the next begins. */
function unverifiable(parts: Parts, { signedHeaders }: Credentials): Denial | undefined {
  const { method, accept, contentType, date, sentMd5, headerLines } = parts;
  if (!METHOD.test(method)) return requestUnverifiable("the method is not in upper case");
  if (contentType.includes(",")) return requestUnverifiable("Content-Type holds a comma");
  const lineFeeds = countOf("\n", headerLines);
  if (`${accept}${contentType}${date}${sentMd5}`.includes("\n") || lineFeeds !== signedHeaders.names.length)
    return requestUnverifiable("a signed header holds a line feed");
  const mayBeMany = parts.query.length + parts.form.length + 2 > MAX_PARAMETERS;
  return mayBeMany && countOf("&", parts.query) + countOf("&", parts.form) + 2 > MAX_PARAMETERS
    ? DENIALS.tooManyParameters
    : undefined;
}

function countOf(char: string, text: string): number {
  let found = 0;
  for (let at = text.indexOf(char); at >= 0; at = text.indexOf(char, at + 1)) found += 1;
  return found;
}

/** The environments of the vendor's three stages, beside one that has the stage's own name. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([["pre", "prepub"]]);

/** X-Ca-Stage chooses no environment here: it must name the one of host and path. Without it the caller names none. */
function stageDenial({ headers }: SignedRequest, { environment }: SignedPlace): Denial | undefined {
  const stage = headers.single("x-ca-stage") ?? "";
  if (stage === "" || environment === undefined) return undefined;
  const name = stage.toLowerCase();
  return name === environment || OTHER_NAMES.get(name) === environment
    ? undefined
    : stageMismatch(stage, environment);
}
