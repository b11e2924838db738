import { compareVersions } from "../../projection/versions.ts";
import type { VerifierLease } from "../../store/store.ts";

/** A version that an object waits for, and since when (monotonic milliseconds). */
export interface Awaited {
  readonly version: string;
  readonly since: number;
}

/** For each verifier, the age in seconds of the oldest awaited version that it has not applied; 0 if it is up to date. */
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
