import { StoreUnavailable } from "../../store.ts";
import type { Connection } from "../connection.ts";
import { type LeaseSpec, Leases } from "./leases.ts";

export interface TakeoverOptions {
  readonly namespace: string;
  readonly name: string;
  readonly identity: string;
  /** The duration of the hold, in seconds. */
  readonly holdSeconds: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const ATTEMPTS = 20;

/** An identity that acquires the Lease to hold it, not to lead. */
const HOLD = "uninstall_";

/** The identity under which an uninstall holds the Lease. */
export function holdIdentity(id: string): string {
  return `${HOLD}${id}`;
}

/** Whether an uninstall holds the Lease, so that the operators that it stops do not lead again. */
export function isHold(holder: string): boolean {
  return holder.startsWith(HOLD);
}

/**
 * Acquires the leader Lease from its holder, so that no operator leads any more. Returns the longest time (milliseconds) that the
 * former leader may need to notice; 0 if there was no leader. Throws StoreUnavailable.
 */
export async function takeLeaderLease(connection: Connection, options: TakeoverOptions): Promise<number> {
  const { namespace, name, identity, holdSeconds, now } = options;
  const leases = new Leases(connection, namespace);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const found = await leases.find(name);
    const transitions = found ? found.transitions + 1 : 0;
    const spec: LeaseSpec = {
      name,
      holder: identity,
      leaseDurationSeconds: holdSeconds,
      transitions,
      renewedAt: now(),
    };
    const outcome = found ? await leases.update(spec, found.resourceVersion) : await leases.create(spec);
    if (outcome.kind === "written")
      return found && found.holder !== "" ? found.leaseDurationSeconds * 1_000 : 0;
    if (outcome.kind === "refused") throw new StoreUnavailable(outcome.message);
  }
  throw new StoreUnavailable(`the Lease ${name} changes faster than it can be acquired`);
}
