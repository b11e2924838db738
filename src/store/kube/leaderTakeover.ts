import { StoreUnavailable } from "../store.ts";
import type { Connection } from "./connection.ts";
import { type LeaseSpec, Leases } from "./leases.ts";

export interface TakeoverOptions {
  readonly namespace: string;
  readonly name: string;
  readonly identity: string;
  /** How long nobody else may take it after this, in seconds. */
  readonly holdSeconds: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const ATTEMPTS = 20;

/** An identity that takes the Lease to hold it, not to lead. */
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
 * Takes the leader Lease from whoever holds it, so that no operator leads any more. Answers how long (milliseconds) the former
 * leader may go on before it has noticed, however slow it is; 0 when there was none. Throws StoreUnavailable.
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
  throw new StoreUnavailable(`the Lease ${name} changes faster than it can be taken`);
}
