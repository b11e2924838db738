import { signatureInput } from "../../../policy/authenticate.ts";
import { signedPlaceOf } from "../../../policy/place.ts";
import type { Candidate, Presented, SignatureInput, SigningScheme } from "../../../signing/scheme.ts";
import type { Decided } from "../capture/verdict.ts";

/** The signature that a request presents, with its scheme. */
export interface PresentedSignature {
  readonly scheme: SigningScheme;
  readonly input: SignatureInput<Presented, unknown>;
}

/** The signature of the request; undefined if it cannot be parsed, or if its key is unknown. */
export function signatureOf({ target, index, decision }: Decided): PresentedSignature | undefined {
  const { attempt } = decision.reached;
  if (!attempt?.key) return undefined;
  const { scheme, presented, key, place } = attempt;
  return { scheme, input: signatureInput(target, { scheme, presented, key, place }, index) };
}

/** The strings that were tried, in their order; empty if the key is unknown. */
export function candidatesOf(decided: Decided): readonly Candidate[] {
  const signature = signatureOf(decided);
  return signature ? [...signature.scheme.diagnose.candidates(signature.input)] : [];
}

/** The string that the verifier compares with the caller's: of the variant that matched, otherwise of the documented one. */
export function serverString(decided: Decided): string | undefined {
  const { target, index, decision } = decided;
  const { attempt, authenticated } = decision.reached;
  if (!attempt) return undefined;
  const matched = candidatesOf(decided).find(({ variant }) => variant === authenticated?.variant);
  if (matched) return matched.stringToSign;
  const { scheme, presented, place } = attempt;
  const { request } = target;
  return scheme.diagnose.documented({
    request,
    presented,
    place: signedPlaceOf(place, index.domains, target.host),
  });
}
