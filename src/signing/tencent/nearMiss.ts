import { OPEN_VARIANTS, PARAMETER_SETTINGS } from "../../api/vocabulary.ts";
import type { NearMiss } from "../model.ts";
import type { CandidateInput, TencentCandidate } from "./candidates.ts";
import { candidates } from "./candidates.ts";
import { takeApart } from "./parts.ts";
import { candidateInput, matches, type TencentSettings, type TencentSignature } from "./verify.ts";

/** Of strings under other settings no more bytes are written in all: about what one more failing request costs. */
const MAX_BYTES = 1024 * 1024;

/**
 * Under which other settings of its Application a request would verify whose signature did not: the setting that opens
 * least, and none where no setting helps. It decides nothing. It costs as much as a few failing requests, so the caller
 * limits how often it is asked. The request must be one that verifySignature() answered with a mismatch.
 */
export function nearMiss(signature: TencentSignature): NearMiss | undefined {
  if (signature.request.body.kind === "unverifiable") return undefined;
  const parts = takeApart(signature.request);
  const inputs = (settings: TencentSettings): CandidateInput =>
    candidateInput({ ...signature, settings }, parts);
  const tried = new Set([...candidates(inputs(signature.settings))].map(({ stringToSign }) => stringToSign));
  let bytes = 0;
  for (const settings of otherSettings(signature.settings)) {
    for (const candidate of candidates(inputs(settings))) {
      bytes += candidate.stringToSign.length;
      if (bytes > MAX_BYTES) return undefined;
      if (tried.has(candidate.stringToSign)) continue;
      tried.add(candidate.stringToSign);
      if (matches(candidate.stringToSign, signature))
        return difference(candidate, settings, signature.settings);
    }
  }
  return undefined;
}

/** From what opens least to what opens most: another parameter style alone, one variant, both styles, then all of it. */
function* otherSettings({
  parameters: own,
  openVariants: open,
}: TencentSettings): Generator<TencentSettings> {
  const strict = PARAMETER_SETTINGS.filter((one) => one !== own && one !== "Either");
  for (const parameters of strict) yield { parameters, openVariants: open };
  for (const variant of OPEN_VARIANTS)
    if (!open.includes(variant)) yield { parameters: own, openVariants: [...open, variant] };
  yield { parameters: "Either", openVariants: open };
  for (const parameters of PARAMETER_SETTINGS) yield { parameters, openVariants: OPEN_VARIANTS };
}

function difference(
  { variant: { name, openVariants } }: TencentCandidate,
  settings: TencentSettings,
  own: TencentSettings,
): NearMiss {
  const missing = openVariants.filter((variant) => !own.openVariants.includes(variant));
  return {
    variant: name,
    ...(settings.parameters === own.parameters ? {} : { parameters: settings.parameters }),
    ...(missing.length === 0 ? {} : { openVariants: missing }),
  };
}
