import type { DenialCode } from "../api/vocabulary.ts";

/** Why a request is refused: an HTTP status, a code that never changes, and the vendor's message word for word. */
export interface Failure {
  readonly status: 400 | 401 | 403 | 503;
  readonly code: DenialCode;
  /** A byte string: it may quote what the caller sent. */
  readonly message: string;
}

/** Most of what a caller sent that an error quotes, in bytes; longer text ends in `…`. */
const QUOTED_BYTES = 4_096;

const failure = (status: Failure["status"], code: DenialCode, message: string): Failure => ({
  status,
  code,
  message,
});

/** The vendor's error table (its document 628/40304), and our own where it has none. */
export const FAILURES = {
  authorizationMissing: failure(
    401,
    "AuthorizationMissing",
    "HMAC signature cannot be verified, a validate authorization header is required",
  ),
  authorizationMalformed: failure(401, "AuthorizationMalformed", "HMAC authorization format error"),
  authorizationIncomplete: failure(
    401,
    "AuthorizationIncomplete",
    "HMAC authorization headers is invalidate",
  ),
  keyOrSignatureMissing: failure(401, "KeyOrSignatureMissing", "HMAC id or signature missing"),
  signedHeaderRepeated: failure(401, "SignedHeaderRepeated", "HMAC do not support multiple HTTP header"),
  dateInvalid: failure(
    401,
    "DateInvalid",
    "HMAC signature cannot be verified, a valid x-date header is required for HMAC Authentication",
  ),
  dateOutOfWindow: failure(
    401,
    "DateOutOfWindow",
    "HMAC signature cannot be verified, the x-date header is out of date for HMAC Authentication",
  ),
  keyUnknown: failure(401, "KeyUnknown", "HMAC signature cannot be verified"),
  apiNotGranted: failure(403, "ApiNotGranted", "HMAC apikey is invalid for API"),
  applicationSuspended: failure(403, "ApplicationSuspended", "HMAC apikey is invalid for API"),
  applicationExpired: failure(403, "ApplicationExpired", "HMAC apikey is invalid for API"),
  noApplicationBound: failure(403, "NoApplicationBound", "Found no validate apiapp"),
  contextMismatch: failure(
    403,
    "ContextMismatch",
    "The API that the proxy names is not the one that host and path name",
  ),
  unsafePath: failure(400, "UnsafePath", "The path can be understood in more than one way"),
  tooManyParameters: failure(400, "TooManyParameters", "The request has too many parameters"),
  notReady: failure(503, "NotReady", "The verifier is not ready"),
  internalError: failure(503, "InternalError", "The verifier failed"),
} as const satisfies Record<string, Failure>;

export function algorithmUnsupported(name: string): Failure {
  return failure(401, "AlgorithmUnsupported", `HMAC algorithm ${name} not supported`);
}

export function signedHeaderMissing(name: string): Failure {
  return failure(
    401,
    "SignedHeaderMissing",
    `HMAC signature cannot be verified, a valid ${name} header is required`,
  );
}

/** `stringToSign` is the server's, of the documented form; it holds only what the caller sent. */
export function signatureMismatch(stringToSign: string): Failure {
  const line = quoted(stringToSign.replaceAll("\n", "#"));
  return failure(401, "SignatureMismatch", `HMAC signature does not match, Server StringToSign:${line}`);
}

/** A header arrived in a way that leaves open what it was. */
export function requestUnverifiable(what: string): Failure {
  return failure(400, "RequestUnverifiable", `The request cannot be verified: ${what}`);
}

export function bodyUnverifiable(why: string): Failure {
  return failure(400, "BodyUnverifiable", `The body cannot be verified: ${why}`);
}

export function noApiMatch(path: string, host: string): Failure {
  return failure(403, "NoApiMatch", `There is no api match uri[${quoted(path)}] host [${quoted(host)}]`);
}

function quoted(text: string): string {
  return text.length > QUOTED_BYTES ? `${text.slice(0, QUOTED_BYTES)}\xe2\x80\xa6` : text;
}

/** The body of a refusal: JSON in UTF-8 whatever bytes the message quotes, with `/` as `\/`, as the vendor writes it. */
export function errorBody(failed: Pick<Failure, "message" | "code">, requestId: string): string {
  const message = Buffer.from(failed.message, "latin1").toString("utf8");
  return JSON.stringify({ message, code: failed.code, requestId }).replaceAll("/", "\\/");
}
