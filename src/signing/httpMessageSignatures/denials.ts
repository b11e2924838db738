import { Denial } from "../model.ts";

/** Most of a signature base that an error quotes, in bytes; longer text ends in `…`. */
const QUOTED_BYTES = 4_096;

/** Denials of the scheme. Messages name the field or component, and what to send. */
export const DENIALS = {
  signatureMissing: new Denial(
    401,
    "AuthorizationMissing",
    "The request has no signature: send Signature-Input and Signature (RFC 9421)",
  ),
  malformed: denialOf("AuthorizationMalformed"),
  incomplete: denialOf("AuthorizationIncomplete"),
  severalSignatures: new Denial(
    401,
    "AuthorizationMalformed",
    'Signature-Input has several signatures: give exactly one of them the parameter tag="countersign"',
  ),
  keyUnknown: new Denial(401, "KeyUnknown", "The keyid of the signature is unknown, revoked or expired"),
  createdMissing: new Denial(
    401,
    "DateInvalid",
    "The signature has no parameter created: send the time of signing in seconds since 1970",
  ),
  createdOutOfWindow: new Denial(
    401,
    "DateOutOfWindow",
    "The parameter created of the signature is too far from the server's time: sign the request again, and check the clock",
  ),
  expired: new Denial(
    401,
    "SignatureExpired",
    "The signature has expired, by its parameter expires: sign the request again",
  ),
  nonceMissing: new Denial(
    401,
    "NonceMissing",
    "The signature has no parameter nonce, which is required here: sign a new random text with each request",
  ),
  nonceRepeated: new Denial(
    401,
    "NonceRepeated",
    "The nonce of the signature has been used before: sign a new random text with each request",
  ),
  tooManyParameters: new Denial(
    400,
    "TooManyParameters",
    'The query has too many parameters to sign one by one: leave out "@query-param", and sign "@query"',
  ),
} as const;

/** A denial with a message of its own, for codes whose reasons vary. */
function denialOf(code: "AuthorizationMalformed" | "AuthorizationIncomplete") {
  return (message: string): Denial => new Denial(401, code, message);
}

/** The signature names, or its key is for, an algorithm that the scheme or the Application does not allow. */
export function algorithmUnsupported(name: string): Denial {
  return new Denial(
    401,
    "AlgorithmUnsupported",
    `The signature algorithm ${name} is not supported for this key`,
  );
}

/** A part of the request that must be covered, in words, and the components that cover it. */
export function notCovered(part: string, remedy: string): Denial {
  return new Denial(
    401,
    "ComponentNotCovered",
    `The signature does not cover ${part}: add ${remedy} to its components`,
  );
}

/** A component that is not known here, or has a parameter that is not. */
export function componentUnsupported(id: string): Denial {
  return new Denial(401, "ComponentUnsupported", `The signature covers ${id}, which is not supported`);
}

/** A covered header or parameter is not in the request. */
export function componentMissing(id: string): Denial {
  return new Denial(
    401,
    "SignedHeaderMissing",
    `The signature covers ${id}, which the request does not have`,
  );
}

/** A covered header or parameter is in the request several times. */
export function componentRepeated(id: string): Denial {
  return new Denial(
    401,
    "SignedHeaderRepeated",
    `The signature covers ${id}, which the request has several times: send it once`,
  );
}

/** Content-Digest is no digest of the body that arrived. */
export function digestWrong(why: string): Denial {
  return new Denial(401, "ContentDigestMismatch", `Content-Digest ${why}`);
}

/** `base` is the server's signature base; it holds only what the caller sent. */
export function signatureMismatch(base: string): Denial {
  const line = base.replaceAll("\n", "#");
  const quoted = line.length > QUOTED_BYTES ? `${line.slice(0, QUOTED_BYTES)}\xe2\x80\xa6` : line;
  return new Denial(
    401,
    "SignatureMismatch",
    `The signature does not match. Signature base of the server, with # for line feeds: ${quoted}`,
  );
}
