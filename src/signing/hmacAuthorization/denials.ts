import { Denial } from "../model.ts";

/** Most of what a caller sent that an error quotes, in bytes; longer text ends in `…`. */
const QUOTED_BYTES = 4_096;

/**
 * Denials of the scheme, with the vendor's messages word for word (its document 628/40304), and our own where it has
 * none. Their statuses are 401, or 400 for a request that cannot be verified at all.
 */
export const DENIALS = {
  authorizationMissing: new Denial(
    401,
    "AuthorizationMissing",
    "HMAC signature cannot be verified, a validate authorization header is required",
  ),
  authorizationMalformed: new Denial(401, "AuthorizationMalformed", "HMAC authorization format error"),
  authorizationIncomplete: new Denial(
    401,
    "AuthorizationIncomplete",
    "HMAC authorization headers is invalidate",
  ),
  keyOrSignatureMissing: new Denial(401, "KeyOrSignatureMissing", "HMAC id or signature missing"),
  keyUnknown: new Denial(401, "KeyUnknown", "HMAC signature cannot be verified"),
  signedHeaderRepeated: new Denial(401, "SignedHeaderRepeated", "HMAC do not support multiple HTTP header"),
  dateInvalid: new Denial(
    401,
    "DateInvalid",
    "HMAC signature cannot be verified, a valid x-date header is required for HMAC Authentication",
  ),
  dateOutOfWindow: new Denial(
    401,
    "DateOutOfWindow",
    "HMAC signature cannot be verified, the x-date header is out of date for HMAC Authentication",
  ),
  nonceMissing: new Denial(
    401,
    "NonceMissing",
    "HMAC signature cannot be verified, a valid x-apigw-nonce header is required for HMAC Authentication",
  ),
  nonceRepeated: new Denial(
    401,
    "NonceRepeated",
    "HMAC signature cannot be verified, the x-apigw-nonce header has been used before",
  ),
  tooManyParameters: new Denial(400, "TooManyParameters", "The request has too many parameters"),
} as const;

export function algorithmUnsupported(name: string): Denial {
  return new Denial(401, "AlgorithmUnsupported", `HMAC algorithm ${name} not supported`);
}

export function signedHeaderMissing(name: string): Denial {
  return new Denial(
    401,
    "SignedHeaderMissing",
    `HMAC signature cannot be verified, a valid ${name} header is required`,
  );
}

/** `stringToSign` is the server's, of the documented variant; it holds only what the caller sent. */
export function signatureMismatch(stringToSign: string): Denial {
  const line = quoted(stringToSign).replaceAll("\n", "#");
  return new Denial(401, "SignatureMismatch", `HMAC signature does not match, Server StringToSign:${line}`);
}

function quoted(text: string): string {
  return text.length > QUOTED_BYTES ? `${text.slice(0, QUOTED_BYTES)}\xe2\x80\xa6` : text;
}
