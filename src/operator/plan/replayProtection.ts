import { parseDuration } from "../../api/duration.ts";
import type { ReplayProtectionMode } from "../../api/vocabulary.ts";
import type { ReplayProtection } from "../../projection/documents.ts";

/** The field of a spec, as Application and ApiDomain have it. */
interface Spec {
  readonly replayProtection?: { readonly mode: ReplayProtectionMode; readonly window?: string } | undefined;
}

/** The field of a projection; empty for mode Off, so that the document is what an earlier release wrote. */
export function replayProtectionOf({ replayProtection }: Spec): {
  readonly replayProtection?: ReplayProtection;
} {
  if (!replayProtection || replayProtection.mode === "Off") return {};
  const { mode, window } = replayProtection;
  if (window === undefined) return { replayProtection: { mode } };
  return { replayProtection: { mode, windowSeconds: parseDuration(window) / 1000 } };
}
