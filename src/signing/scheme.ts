/**
 * The one module of this folder that others import. A scheme is an object of type SigningScheme in a folder of its own; a
 * second one is a second folder and a second row of PRESENTATIONS; docs/architecture.md lists what else it touches.
 */
import type { SchemeName } from "../api/vocabulary.ts";
import { ALIBABA_CA } from "./alibaba/alibabaScheme.ts";
import { HTTP_MESSAGE_SIGNATURES } from "./httpMessageSignatures/httpMessageSignaturesScheme.ts";
import type { SigningScheme } from "./model.ts";
import { TENCENT } from "./tencent/tencentScheme.ts";
import { TENCENT_KEY_PAIR } from "./tencentKeyPair/tencentKeyPairScheme.ts";

// biome-ignore-start lint/performance/noBarrelFile: the folder's one public module, so that no other folder depends on its inside
export { publicKey, signingKey } from "./algorithms.ts";
export type {
  Body,
  Candidate,
  Headers,
  KeyPair,
  NearMiss,
  Presented,
  RequestToSign,
  SignatureInput,
  SignedPlace,
  SignedRequest,
  SigningScheme,
  Variant,
  VerificationKey,
  VerifyHint,
  Voice,
} from "./model.ts";
export { Denial, HeaderLines, isDenial } from "./model.ts";
export { requestUnverifiable } from "./unverifiable.ts";

// biome-ignore-end lint/performance/noBarrelFile: only the exports above

/**
 * Schemes whose callers send the same headers, so that read() of each returns the same. An Application lists which of
 * them a signature may be of; no string to sign of one is one of another. In the order in which they are tried, the cheapest first;
 * a denial is that of the last one which the Application allows.
 */
export type Presentation = readonly [...SigningScheme[], SigningScheme];

/** All ways to present a signature. Settings and presentations are typed inside of each scheme: what one reads, only that one gets back. */
export const PRESENTATIONS: readonly Presentation[] = [
  [TENCENT_KEY_PAIR as unknown as SigningScheme, TENCENT as unknown as SigningScheme],
  [ALIBABA_CA as unknown as SigningScheme],
  [HTTP_MESSAGE_SIGNATURES as unknown as SigningScheme],
];

/** Every scheme that there is. */
export const SCHEMES: readonly SigningScheme[] = PRESENTATIONS.flat();

/** The schemes that look like this one, itself included. */
export function presentationOf(scheme: SigningScheme): Presentation {
  const found = PRESENTATIONS.find((presentation) => presentation.includes(scheme));
  if (!found) throw new Error(`there is no scheme ${scheme.name}`);
  return found;
}

/** The scheme of that name. */
export function schemeNamed(name: SchemeName): SigningScheme {
  const found = SCHEMES.find((scheme) => scheme.name === name);
  if (!found) throw new Error(`there is no scheme ${name}`);
  return found;
}

/** The scheme of callers that present none: its voice is used for their denials. */
export const DEFAULT_SCHEME: SigningScheme = schemeNamed("Tencent");
