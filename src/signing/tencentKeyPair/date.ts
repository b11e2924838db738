import type { Authorization } from "../hmacAuthorization/authorizationHeader.ts";
import { DENIALS as SHARED } from "../hmacAuthorization/denials.ts";
import { isInWindow, parseDate } from "../hmacAuthorization/rfc1123.ts";
import { checkSignedHeaders } from "../hmacAuthorization/signedHeaders.ts";
import { Denial, type Headers, type SignedRequest } from "../model.ts";

/** The headers that may hold the date, the one that decides first if a caller signs both. */
const DATES = ["x-date", "date"] as const;

/** The vendor's messages for its other scheme, with both names. */
const DENIALS = {
  dateInvalid: new Denial(
    401,
    SHARED.dateInvalid.code,
    "HMAC signature cannot be verified, a valid date or x-date header is required for HMAC Authentication",
  ),
  dateOutOfWindow: new Denial(
    401,
    SHARED.dateOutOfWindow.code,
    "HMAC signature cannot be verified, the date or x-date header is out of date for HMAC Authentication",
  ),
} as const;

/**
 * Every listed header must have been sent exactly once, and none may be uncertain. Then the instant of the signed X-Date, or of the
 * signed Date without one, in epoch milliseconds: it must be well-formed, and at most `skewMs` away from `now`, either way. A date
 * that is not listed counts for nothing.
 */
export function checkHeaders(
  request: SignedRequest,
  authorization: Authorization,
  now: number,
  skewMs: number,
): number | Denial {
  const denial = checkSignedHeaders(request, authorization, []);
  if (denial) return denial;
  const name = DATES.find((one) => authorization.signedHeaders.listed.includes(one));
  const date = name && dateOf(request.headers, name);
  if (date === undefined) return DENIALS.dateInvalid;
  return isInWindow(date, now, skewMs) ? date : DENIALS.dateOutOfWindow;
}

/** The instant in that header, in epoch milliseconds; undefined unless it was sent once and is well-formed. */
export function dateOf(headers: Headers, name: (typeof DATES)[number]): number | undefined {
  return parseDate(headers.single(name) ?? "");
}
