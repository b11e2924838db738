import type { OpenVariant } from "../../api/vocabulary.ts";
import type { NearMiss } from "../model.ts";
import { findNearMiss } from "../nearMiss.ts";
import { StringWriter } from "./candidates.ts";
import { takeApart } from "./parts.ts";
import { type AlibabaSignature, matches } from "./verify.ts";

/** The open variants that this scheme has. */
const OPEN_VARIANTS: readonly OpenVariant[] = ["RepeatedNames", "JoinedValues", "BodyNotSigned"];

/** See findNearMiss(). The request must be one that verifySignature() answered with a mismatch. */
export function nearMiss(signature: AlibabaSignature): NearMiss | undefined {
  if (signature.request.body.kind === "unverifiable") return undefined;
  const parts = takeApart(signature.request, signature.presented);
  return findNearMiss({
    settings: signature.settings,
    openVariants: OPEN_VARIANTS,
    candidates: (settings) => new StringWriter(parts, settings).candidates(),
    matches: (stringToSign) => matches(stringToSign, signature),
  });
}
