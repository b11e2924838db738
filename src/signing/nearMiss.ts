import { type OpenVariant, PARAMETER_SETTINGS, type ParameterSetting } from "../api/vocabulary.ts";
import type { Candidate, NearMiss } from "./model.ts";

/** How an Application's callers sign parameters and body, for the schemes that have such settings. */
export interface CallerSettings {
  readonly parameters: ParameterSetting;
  readonly openVariants: readonly OpenVariant[];
}

/** Of strings under other settings no more bytes are written in all, which takes ten milliseconds: requests that wait behind it notice more. */
const MAX_BYTES = 256 * 1024;

/** A scheme's part of the search. */
export interface NearMissSearch {
  /** The Application's. */
  readonly settings: CallerSettings;
  /** All open variants that the scheme has. */
  readonly openVariants: readonly OpenVariant[];
  readonly candidates: (settings: CallerSettings) => Iterable<Candidate>;
  readonly matches: (stringToSign: string) => boolean;
}

/**
 * Under which other settings of its Application a request would verify whose signature did not: the setting that opens
 * least, and none where no setting helps. It decides nothing. It costs as much as a few failing requests, so the caller
 * limits how often it is asked.
 */
export function findNearMiss(search: NearMissSearch): NearMiss | undefined {
  const { settings: own, candidates, matches } = search;
  const tried = new Set([...candidates(own)].map(({ stringToSign }) => stringToSign));
  let bytes = 0;
  for (const settings of otherSettings(own, search.openVariants)) {
    for (const candidate of candidates(settings)) {
      bytes += candidate.stringToSign.length;
      if (bytes > MAX_BYTES) return undefined;
      if (tried.has(candidate.stringToSign)) continue;
      tried.add(candidate.stringToSign);
      if (matches(candidate.stringToSign)) return difference(candidate, settings, own);
    }
  }
  return undefined;
}

/** From what opens least to what opens most: another parameter style alone, one variant, both styles, then all of it. */
function* otherSettings(
  { parameters: own, openVariants: open }: CallerSettings,
  all: readonly OpenVariant[],
): Generator<CallerSettings> {
  const strict = PARAMETER_SETTINGS.filter((one) => one !== own && one !== "Either");
  for (const parameters of strict) yield { parameters, openVariants: open };
  for (const variant of all)
    if (!open.includes(variant)) yield { parameters: own, openVariants: [...open, variant] };
  yield { parameters: "Either", openVariants: open };
  for (const parameters of PARAMETER_SETTINGS) yield { parameters, openVariants: all };
}

function difference(
  { variant: { name, openVariants } }: Candidate,
  settings: CallerSettings,
  own: CallerSettings,
): NearMiss {
  const missing = openVariants.filter((variant) => !own.openVariants.includes(variant));
  return {
    variant: name,
    ...(settings.parameters === own.parameters ? {} : { parameters: settings.parameters }),
    ...(missing.length === 0 ? {} : { openVariants: missing }),
  };
}
