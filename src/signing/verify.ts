import { type KeyObject, timingSafeEqual } from "node:crypto";
import { hmac } from "./algorithms.ts";
import type { Authorization } from "./authorization.ts";
import { isInWindow, parseDate } from "./date.ts";
import {
  bodyUnverifiable,
  FAILURES,
  type Failure,
  requestUnverifiable,
  signatureMismatch,
  signedHeaderMissing,
} from "./failures.ts";
import { candidates, documentedString, type SigningContext } from "./forms.ts";
import { headerLines, type Parts, signedValue, takeApart } from "./parts.ts";
import type { SignedRequest } from "./request.ts";

/** Sorting half a million parameters takes half a second: a stranger does not get that for one request. */
const MAX_PARAMETERS = 10_000;

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Z]+$/;

/** Every listed header must have been sent exactly once, and the headers that the scheme always signs at most once. */
export function checkSignedHeaders(
  request: SignedRequest,
  authorization: Authorization,
): Failure | undefined {
  for (const name of authorization.signedHeaders) {
    if (request.headers.count(name) > 1) return FAILURES.signedHeaderRepeated;
    if (signedValue(request, name) === undefined) return signedHeaderMissing(name);
  }
  const repeated = ["accept", "content-type", "content-md5", "x-date"].some(
    (name) => request.headers.count(name) > 1,
  );
  return repeated ? FAILURES.signedHeaderRepeated : undefined;
}

/** X-Date must be signed, and at most `skew` milliseconds from now, either way. */
export function checkDate(
  request: SignedRequest,
  authorization: Authorization,
  now: number,
  skew: number,
): Failure | undefined {
  const sent = authorization.signedHeaders.includes("x-date") ? request.headers.single("x-date") : undefined;
  const date = sent === undefined ? undefined : parseDate(sent);
  if (date === undefined) return FAILURES.dateInvalid;
  return isInWindow(date, now, skew) ? undefined : FAILURES.dateOutOfWindow;
}

export type Verified =
  | { readonly ok: true; readonly form: string }
  | { readonly ok: false; readonly failure: Failure };

/**
 * Whether the signature is the key's over this request, body included, in one of the forms that clients use. The
 * algorithm must be a supported one. Compares in constant time.
 */
export function verifySignature(
  request: SignedRequest,
  authorization: Authorization,
  key: KeyObject,
  context: SigningContext,
): Verified {
  if (request.body.kind === "unverifiable") return fail(bodyUnverifiable(request.body.why));
  if (!TOKEN.test(request.method)) return fail(requestUnverifiable("the method is not in upper case"));
  const parts = takeApart(request);
  if (parts.contentType.includes(",")) return fail(requestUnverifiable("Content-Type holds a comma"));
  if (parameterCount(parts) > MAX_PARAMETERS) return fail(FAILURES.tooManyParameters);
  const lines = headerLines(request, authorization);
  for (const { form, stringToSign } of candidates(parts, lines, request.method, context)) {
    const mac = hmac(authorization.algorithm, key, stringToSign);
    if (mac.length === authorization.signature.length && timingSafeEqual(mac, authorization.signature))
      return { ok: true, form };
  }
  return fail(signatureMismatch(documentedString(parts, lines, request.method, context)));
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
