import type { ApiDomain } from "../../../api/apiDomain.ts";
import type { ApiGrant } from "../../../api/apiGrant.ts";
import type { Application } from "../../../api/application.ts";
import { systemClock } from "../../../base/clock.ts";
import type { Operator } from "../../../operator/controller.ts";
import type { FilesStore } from "../../../store/files/filesStore.ts";
import type { Store } from "../../../store/store.ts";
import { aborted } from "../untilSignal.ts";

/** Projections are written before conditions. Conditions may need some more reconciles, and are not waited for longer than this. */
const CONDITIONS_WITHIN_MS = 3_000;
const STORE_POLL_MS = 50;
const CONDITIONS_POLL_MS = 20;

/**
 * Resolves when everything that the files declare is in effect, or when the signal aborts. A file that was removed while no process
 * ran may be a grant that was revoked, so no request may be decided before this.
 */
export async function untilReconciled(
  store: FilesStore,
  operator: Operator,
  signal: AbortSignal,
): Promise<void> {
  do {
    if (!store.isSettled) await systemClock.sleep(STORE_POLL_MS, signal);
    // An operator whose workers have stopped never becomes idle.
    await Promise.race([operator.idle(), aborted(signal)]);
  } while (!store.isSettled && !signal.aborted);
  const began = systemClock.monotonic();
  const isLate = () => systemClock.monotonic() - began >= CONDITIONS_WITHIN_MS;
  while (!hasCurrentConditions(store) && !isLate() && !signal.aborted)
    await systemClock.sleep(CONDITIONS_POLL_MS, signal);
}

/** Whether every object has a Ready condition of its current generation that is not Unknown. */
export function hasCurrentConditions({
  applications,
  grants,
  domains,
}: Pick<Store, "applications" | "grants" | "domains">): boolean {
  return [applications, grants, domains].every((collection) => {
    for (const object of collection.values()) if (!isCurrent(object)) return false;
    return true;
  });
}

function isCurrent({ metadata, status }: Application | ApiGrant | ApiDomain): boolean {
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  return ready?.observedGeneration === metadata.generation && ready?.status !== "Unknown";
}
