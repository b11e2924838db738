import { OPEN_VARIANTS } from "../../api/vocabulary.ts";
import type { NearMiss } from "../model.ts";
import { findNearMiss } from "../nearMiss.ts";
import { candidates } from "./candidates.ts";
import { takeApart } from "./parts.ts";
import { candidateInput, matches, type TencentSignature } from "./verify.ts";

/** See findNearMiss(). The request must be one that verifySignature() answered with a mismatch. */
export function nearMiss(signature: TencentSignature): NearMiss | undefined {
  if (signature.request.body.kind === "unverifiable") return undefined;
  const parts = takeApart(signature.request);
  return findNearMiss({
    settings: signature.settings,
    openVariants: OPEN_VARIANTS,
    candidates: (settings) => candidates(candidateInput({ ...signature, settings }, parts)),
    matches: (stringToSign) => matches(stringToSign, signature),
  });
}
