import { timestamp } from "../../base/timestamp.ts";
import type { Change } from "../../projection/feed.ts";
import { listed } from "../conditions/conditionDraft.ts";
import type { Laggard } from "./acknowledgement.ts";

/** For an object while no verifier has a Lease. */
export const NO_VERIFIER = "No verifier is running: start one, or check why it has no Lease";

/** Lists the verifiers that an object waits for, since when silent ones are silent, the latest end of the wait, and how to end it. */
export function waitingFor(laggards: readonly Laggard[], change: Change): string {
  const live = namesOf(laggards, "live");
  const parts = live.length > 0 ? [`Waiting for ${listed(live)}`] : [];
  if (change === "Addition") return parts.join("");
  return [...parts, ...silent(laggards, "Waiting for")].join(". ");
}

/** Lists the verifiers that have not applied an addition that is already in effect. */
export function missing(laggards: readonly Laggard[]): string {
  const live = namesOf(laggards, "live");
  const parts = live.length > 0 ? [`Not yet applied by ${listed(live)}`] : [];
  return [...parts, ...silent(laggards, "Not applied by")].join(". ");
}

/** The operator cannot detect the end of every process, so the text names the command that ends the wait. */
function silent(laggards: readonly Laggard[], prefix: string): readonly string[] {
  const silent = laggards.filter((laggard) => laggard.state === "silent");
  const [first] = silent;
  if (!first) return [];
  const texts = silent.map(
    ({ name, since, until }) =>
      `${name} (silent since ${timestamp(since)}, denies everything from ${timestamp(until)} at the latest)`,
  );
  const remedy = `If its process has ended, run: kubectl countersign verifiers forget ${first.name}`;
  return [`${prefix} ${listed(texts)}`, remedy];
}

function namesOf(laggards: readonly Laggard[], state: Laggard["state"]): readonly string[] {
  return laggards.filter((laggard) => laggard.state === state).map(({ name }) => name);
}
