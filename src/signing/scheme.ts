/**
 * The one module of this folder that others import. A scheme is an object of type SigningScheme in a folder of its own; a
 * second one is a second folder and a second row of SCHEMES; docs/architecture.md lists what else it touches.
 */
import type { SchemeName } from "../api/vocabulary.ts";
import { ALIBABA_CA } from "./alibaba/alibabaScheme.ts";
import { HTTP_MESSAGE_SIGNATURES } from "./httpMessageSignatures/httpMessageSignaturesScheme.ts";
import type { SigningScheme } from "./model.ts";
import { TENCENT } from "./tencent/tencentScheme.ts";

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

/** Every scheme that there is. Settings and presentations are typed inside of each: what one reads, only that one gets back. */
export const SCHEMES: readonly SigningScheme[] = [
  TENCENT as unknown as SigningScheme,
  ALIBABA_CA as unknown as SigningScheme,
  HTTP_MESSAGE_SIGNATURES as unknown as SigningScheme,
];

/** The scheme of that name. */
export function schemeNamed(name: SchemeName): SigningScheme {
  const found = SCHEMES.find((scheme) => scheme.name === name);
  if (!found) throw new Error(`there is no scheme ${name}`);
  return found;
}

/** The scheme of callers that present none: its voice is used for their denials. */
export const DEFAULT_SCHEME: SigningScheme = schemeNamed("Tencent");
