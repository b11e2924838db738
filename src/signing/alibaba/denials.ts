import { Denial } from "../model.ts";

/** Most of what a caller sent that an error quotes, in bytes; longer text ends in `…`. */
const QUOTED_BYTES = 4_096;

/** Denials of the scheme. The codes and statuses are those of the other schemes; the messages follow the vendor's documentation. */
export const DENIALS = {
  missing: new Denial(401, "AuthorizationMissing", "Header `X-Ca-Signature` is Required"),
  keyMissing: new Denial(401, "KeyOrSignatureMissing", "Header `X-Ca-Key` is Required"),
  malformed: new Denial(
    401,
    "AuthorizationMalformed",
    "Invalid Header `X-Ca-Signature` or `X-Ca-Signature-Headers`",
  ),
  keyUnknown: new Denial(401, "KeyUnknown", "Invalid AppKey"),
  signedHeaderRepeated: new Denial(
    401,
    "SignedHeaderRepeated",
    "Invalid Header: a signed header was sent twice",
  ),
  dateInvalid: new Denial(
    401,
    "DateInvalid",
    "Invalid Timestamp: list X-Ca-Timestamp in X-Ca-Signature-Headers, in milliseconds",
  ),
  dateOutOfWindow: new Denial(401, "DateOutOfWindow", "Timestamp Expired"),
  nonceMissing: new Denial(
    401,
    "NonceMissing",
    "Header `X-Ca-Nonce` is Required: list it in X-Ca-Signature-Headers",
  ),
  nonceRepeated: new Denial(401, "NonceRepeated", "Nonce Used"),
  tooManyParameters: new Denial(400, "TooManyParameters", "The request has too many parameters"),
} as const;

export function algorithmUnsupported(name: string): Denial {
  return new Denial(401, "AlgorithmUnsupported", `Invalid Signature Method: ${name} is not supported`);
}

export function signedHeaderMissing(name: string): Denial {
  return new Denial(
    401,
    "SignedHeaderMissing",
    `Header \`${name}\` is Required: X-Ca-Signature-Headers lists it`,
  );
}

/** The caller's stage is that of another environment than host and path name. */
export function stageMismatch(stage: string, environment: string): Denial {
  const message = `Invalid Stage: X-Ca-Stage is ${quoted(stage)}, and host and path are those of the environment ${environment}`;
  return new Denial(403, "StageMismatch", message);
}

/** `stringToSign` is the server's, of the documented variant; it holds only what the caller sent. */
export function signatureMismatch(stringToSign: string): Denial {
  const line = quoted(stringToSign.replaceAll("\n", "#"));
  return new Denial(401, "SignatureMismatch", `Invalid Signature, Server StringToSign:${line}`);
}

function quoted(text: string): string {
  return text.length > QUOTED_BYTES ? `${text.slice(0, QUOTED_BYTES)}\xe2\x80\xa6` : text;
}
