import { type KeyObject, timingSafeEqual } from "node:crypto";
import type { OpenVariant } from "../api/vocabulary.ts";
import { hmac } from "./algorithms.ts";
import type { Authorization } from "./authorization.ts";
import { parseDate } from "./date.ts";
import {
  bodyUnverifiable,
  FAILURES,
  type Failure,
  requestUnverifiable,
  signatureMismatch,
  signedHeaderMissing,
} from "./failures.ts";
import { type Candidate, candidates, documentedString } from "./forms.ts";
import { headerLines, type Parts, signedValue, takeApart } from "./parts.ts";
import type { SignedRequest } from "./request.ts";
import type { SigningContext } from "./signingContext.ts";

/** Sorting half a million parameters takes half a second: a stranger does not get that for one request. */
const MAX_PARAMETERS = 10_000;

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Z]+$/;

/** Headers that are signed whether they are listed or not. */
const ALWAYS_SIGNED = ["accept", "content-type", "content-md5", "x-date"];

/** Every listed header must have been sent exactly once, the headers that the scheme always signs at most once, and none may be uncertain. */
export function checkSignedHeaders(
  request: SignedRequest,
  authorization: Authorization,
): Failure | undefined {
  for (const name of authorization.signedHeaders) {
    if (request.headers.count(name) > 1) return FAILURES.signedHeaderRepeated;
    if (signedValue(request, name) === undefined) return signedHeaderMissing(name);
  }
  if (ALWAYS_SIGNED.some((name) => request.headers.count(name) > 1)) return FAILURES.signedHeaderRepeated;
  const signed = [...ALWAYS_SIGNED, ...authorization.signedHeaders];
  const uncertain = signed.some((name) => request.uncertainHeaders?.has(name));
  return uncertain ? requestUnverifiable("the proxy replaced bytes of a signed header") : undefined;
}

/** The instant of the X-Date, in epoch milliseconds; undefined unless it is signed and well-formed. */
export function signedDate(request: SignedRequest, authorization: Authorization): number | undefined {
  const sent = authorization.signedHeaders.includes("x-date") ? request.headers.single("x-date") : undefined;
  return sent === undefined ? undefined : parseDate(sent);
}

export type Verified =
  | { readonly ok: true; readonly form: string; readonly openVariants: readonly OpenVariant[] }
  | { readonly ok: false; readonly failure: Failure };

/**
 * Whether the signature is the key's over this request, body included, in one of the forms that clients use. The
 * algorithm must be a supported one.
 */
export function verifySignature(
  request: SignedRequest,
  authorization: Authorization,
  key: KeyObject,
  context: SigningContext,
): Verified {
  if (request.body.kind === "unverifiable") return fail(bodyUnverifiable(request.body.why));
  const parts = takeApart(request);
  const failure = refusedWhateverTheForm(request, authorization, parts);
  if (failure) return fail(failure);
  const lines = headerLines(request, authorization);
  for (const candidate of candidates(parts, lines, request.method, context)) {
    if (!isSignatureOf(candidate, authorization, key)) continue;
    return { ok: true, form: candidate.form, openVariants: candidate.openVariants };
  }
  return fail(signatureMismatch(documentedString(parts, lines, request.method, context)));
}

/** Whether the signature is that of the string to sign, compared in constant time. No other code compares signatures. */
export function isSignatureOf(
  { stringToSign }: Pick<Candidate, "stringToSign">,
  { algorithm, signature }: Authorization,
  key: KeyObject,
): boolean {
  const mac = hmac(algorithm, key, stringToSign);
  return mac.length === signature.length && timingSafeEqual(mac, signature);
}

/** What would leave open where one signed field ends and the next begins. */
function refusedWhateverTheForm(
  request: SignedRequest,
  authorization: Authorization,
  parts: Parts,
): Failure | undefined {
  if (!TOKEN.test(request.method)) return requestUnverifiable("the method is not in upper case");
  if (parts.contentType.includes(",")) return requestUnverifiable("Content-Type holds a comma");
  if (parts.isForm && parts.path.includes("&"))
    return requestUnverifiable("a form was sent to a path that holds &");
  const values = authorization.signedHeaders.map((name) => signedValue(request, name) ?? "");
  if ([...values, parts.accept, parts.contentType, parts.sentMd5].some((value) => value.includes("\n")))
    return requestUnverifiable("a signed header holds a line feed");
  return parameterCount(parts) > MAX_PARAMETERS ? FAILURES.tooManyParameters : undefined;
}

function fail(failure: Failure): Verified {
  return { ok: false, failure };
}

/** An upper bound, counted without splitting anything. */
function parameterCount(parts: Parts): number {
  return count(parts.query ?? "") + count(parts.form);
}

function count(text: string): number {
  let found = 1;
  for (let at = text.indexOf("&"); at >= 0; at = text.indexOf("&", at + 1)) found += 1;
  return found;
}
