import { Deny } from "../../../policy/decision.ts";
import type { NonceUse } from "../../../policy/nonceUse.ts";
import type { Decided } from "../../shared/capture/verdict.ts";

/** About 150 bytes each. Beyond these the nonces that came first are forgotten. */
const MAX_NONCES = 1_000_000;

/**
 * The nonces of the requests of captures, in the order in which they are read. Of two requests with one nonce the first is allowed, as long
 * as their times are less than the window apart, whichever is earlier.
 */
export class SeenNonces {
  /** Times of the requests that were allowed; epoch milliseconds. */
  readonly #times = new Map<string, number>();
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
    const known = this.#times.get(id);
    if (known !== undefined && Math.abs(now - known) < windowMs) return true;
    this.#times.delete(id);
    this.#times.set(id, now);
    if (this.#times.size <= this.#limit) return false;
    const [oldest = ""] = this.#times.keys();
    this.#times.delete(oldest);
    return false;
  }
}
