import { Deny } from "../../../policy/decision.ts";
import type { NonceUse } from "../../../policy/nonceUse.ts";
import type { Decided } from "../../shared/capture/verdict.ts";

/** One request; the time is in epoch milliseconds. */
interface Use {
  readonly at: number;
  readonly windowMs: number;
}

function inOrder(one: Use, other: Use): readonly [earlier: Use, later: Use] {
  return one.at <= other.at ? [one, other] : [other, one];
}

function isWithin(earlier: Use, later: Use): boolean {
  return later.at - earlier.at < earlier.windowMs;
}

/** About 200 bytes each. Beyond these the nonces that came first are forgotten. */
const MAX_NONCES = 1_000_000;

/**
 * The nonces of the requests of captures, in the order in which they are read. Of two requests with one nonce the first is allowed, as long
 * as the later one was received within the window of the earlier one.
 */
export class SeenNonces {
  /** When the requests were received that were allowed, and how long they are remembered. */
  readonly #uses = new Map<string, Use>();
  readonly #limit: number;

  constructor(limit = MAX_NONCES) {
    this.#limit = limit;
  }

  /** The decision with the nonce taken into account, as by a verifier whose nonce store is never away. */
  decide(found: Decided): Decided {
    const { decision, now } = found;
    if (decision.kind === "deny" || !decision.nonceUse || !this.#isRepeated(decision.nonceUse, now))
      return found;
    return {
      ...found,
      decision: new Deny(decision.nonceUse.repeated, decision.reached, decision.enforcement),
    };
  }

  #isRepeated({ id, windowMs }: NonceUse, now: number): boolean {
    const use: Use = { at: now, windowMs };
    const known = this.#uses.get(id);
    if (known && isWithin(...inOrder(known, use))) return true;
    this.#uses.delete(id);
    this.#uses.set(id, use);
    if (this.#uses.size <= this.#limit) return false;
    const [oldest = ""] = this.#uses.keys();
    this.#uses.delete(oldest);
    return false;
  }
}
