import type { KeyObject } from "node:crypto";
import {
  OPEN_VARIANTS,
  type OpenVariant,
  PARAMETER_SETTINGS,
  type ParameterSetting,
} from "../api/vocabulary.ts";
import type { Authorization } from "./authorization.ts";
import { candidates } from "./forms.ts";
import { headerLines, takeApart } from "./parts.ts";
import type { SignedRequest } from "./request.ts";
import type { SigningContext } from "./signingContext.ts";
import { isSignatureOf } from "./verify.ts";

/** What an admin would have to set on the Application; what is not named may stay as it is. */
export interface NearMiss {
  readonly form: string;
  readonly parameters?: ParameterSetting;
  /** Variants to add to those that are open already. */
  readonly openVariants?: readonly OpenVariant[];
}

/** Of strings under other settings no more bytes are written in all: about what one more failing request costs. */
const MAX_BYTES = 1024 * 1024;

/**
 * Under which other settings of its Application a request would verify whose signature did not: the setting that opens
 * least, and none where no setting helps. It decides nothing. It costs as much as a few failing requests, so the caller
 * limits how often it is asked. The request must be one that verifySignature() answered with a mismatch.
 */
export function nearMiss(
  request: SignedRequest,
  authorization: Authorization,
  key: KeyObject,
  context: SigningContext,
): NearMiss | undefined {
  if (request.body.kind === "unverifiable") return undefined;
  const parts = takeApart(request);
  const lines = headerLines(request, authorization);
  const strings = (settings: SigningContext) => candidates(parts, lines, request.method, settings);
  const tried = new Set([...strings(context)].map(({ stringToSign }) => stringToSign));
  let bytes = 0;
  for (const settings of otherSettings(context)) {
    for (const candidate of strings(settings)) {
      bytes += candidate.stringToSign.length;
      if (bytes > MAX_BYTES) return undefined;
      if (tried.has(candidate.stringToSign)) continue;
      tried.add(candidate.stringToSign);
      if (isSignatureOf(candidate, authorization, key)) return difference(candidate, settings, context);
    }
  }
  return undefined;
}

/** From what opens least to what opens most: another reading alone, one variant, both readings, then all of it. */
function* otherSettings(context: SigningContext): Generator<SigningContext> {
  const { rememberedForm: _, likelyOnly: __, ...base } = context;
  const open = context.openVariants ?? [];
  const strict = PARAMETER_SETTINGS.filter((one) => one !== context.parameters && one !== "Either");
  for (const parameters of strict) yield { ...base, parameters };
  for (const variant of OPEN_VARIANTS)
    if (!open.includes(variant)) yield { ...base, openVariants: [...open, variant] };
  yield { ...base, parameters: "Either" };
  for (const parameters of PARAMETER_SETTINGS) yield { ...base, parameters, openVariants: OPEN_VARIANTS };
}

function difference(
  { form, openVariants }: { readonly form: string; readonly openVariants: readonly OpenVariant[] },
  settings: SigningContext,
  context: SigningContext,
): NearMiss {
  const missing = openVariants.filter((variant) => !context.openVariants?.includes(variant));
  return {
    form,
    ...(settings.parameters === context.parameters ? {} : { parameters: settings.parameters }),
    ...(missing.length === 0 ? {} : { openVariants: missing }),
  };
}
