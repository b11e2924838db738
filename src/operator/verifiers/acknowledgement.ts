import type { Change } from "../../projection/feed.ts";
import { compareVersions } from "../../projection/versions.ts";
import type { JudgedVerifier } from "./leaseWatch.ts";

/** A verifier that has not applied a version. */
export type Laggard =
  | { readonly name: string; readonly state: "live" }
  | {
      readonly name: string;
      readonly state: "silent";
      /** Epoch milliseconds, as in JudgedVerifier. */
      readonly since: number;
      readonly until: number;
    };

/** What is known of the verifiers and one version of one projection. */
export type Acknowledgement =
  /** The Leases have not been listed since the version was known. */
  | { readonly kind: "unknown" }
  | {
      readonly kind: "known";
      /** How many verifiers are live. */
      readonly live: number;
      /** How many verifiers there are that are not known to have ended. */
      readonly verifiers: number;
      /** Those that have not applied the version, live and silent ones, by name. */
      readonly laggards: readonly Laggard[];
      /** Every live verifier has applied the version, now or at some time since it was written. */
      readonly reachedLive: boolean;
    };

/** Whether every verifier that may still decide has applied the version; also true without any verifier. */
export function isAcknowledgedByAll(acknowledgement: Acknowledgement): boolean {
  return acknowledgement.kind === "known" && acknowledgement.laggards.length === 0;
}

/** Whether every live verifier has applied the version; also true without one. */
export function isAcknowledgedByLive(acknowledgement: Acknowledgement): boolean {
  if (acknowledgement.kind === "unknown") return false;
  return acknowledgement.reachedLive || acknowledgement.laggards.every(({ state }) => state === "silent");
}

/**
 * Whether a version is in effect. An addition waits for live verifiers: one that is silent denies what it does not know.
 * A removal waits for all verifiers: a silent one may still allow what was removed.
 */
export function isAcknowledged(acknowledgement: Acknowledgement, change: Change): boolean {
  return change === "Addition" ? isAcknowledgedByLive(acknowledgement) : isAcknowledgedByAll(acknowledgement);
}

/** Evaluates one list of the Leases for a version. `wasReached`: every live verifier had applied it in an earlier list. */
export function acknowledgementOf(
  verifiers: readonly JudgedVerifier[],
  version: string,
  wasReached: boolean,
): Acknowledgement & { readonly kind: "known" } {
  const laggards = verifiers
    .filter(({ lease }) => compareVersions(lease.applied, version) < 0)
    .map(laggard)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const live = verifiers.filter(({ state }) => state === "live").length;
  const reachedLive = wasReached || (live > 0 && laggards.every(({ state }) => state === "silent"));
  return { kind: "known", live, verifiers: verifiers.length, laggards, reachedLive };
}

function laggard(verifier: JudgedVerifier): Laggard {
  const { name } = verifier.lease;
  if (verifier.state === "live") return { name, state: "live" };
  const { since, until } = verifier;
  return { name, state: "silent", since, until };
}
