import { compareVersions } from "../../projection/versions.ts";
import type { VerifierLease } from "../../store/store.ts";

/** A version that somebody waits for, and since when (monotonic milliseconds). */
export interface Awaited {
  readonly version: string;
  readonly since: number;
}

/** For each verifier, how long (seconds) the oldest version that it has not applied has been waited for; 0 when it lacks none. */
export function lagOf(
  leases: readonly VerifierLease[],
  awaited: Iterable<Awaited>,
  now: number,
): ReadonlyMap<string, number> {
  const all = [...awaited];
  return new Map(
    leases.map(({ name, applied }) => {
      const missing = all.filter(({ version }) => compareVersions(applied, version) < 0);
      const oldest = missing.reduce((least, { since }) => Math.min(least, since), now);
      return [name, (now - oldest) / 1000];
    }),
  );
}
