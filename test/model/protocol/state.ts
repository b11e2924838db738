/**
 * The protocol between the operator and the verifiers, as states and steps: one projection with two permissions, and
 * verifiers of which one runs in a Pod and the others on bare machines. Anything that can happen next is a step; a test
 * explores all orders of them. Versions are small numbers, the time is left out: what needs time is a step that is only
 * possible in the states in which that time can have passed.
 */
export interface State {
  /** The projection's documents so far: which of the two permissions each gives, and how its write is recorded. */
  readonly history: readonly Written[];
  readonly verifiers: readonly Verifier[];
  readonly operator: Operator;
  readonly left: Budget;
}

export interface Written {
  readonly allows: readonly [boolean, boolean];
  readonly change: "Addition" | "Removal";
}

/** How often what is not part of the protocol may still happen, so that there is an end. */
export interface Budget {
  readonly writes: number;
  readonly operatorRestarts: number;
  readonly verifierStarts: number;
  readonly cuts: number;
  readonly forgets: number;
}

type Phase =
  /** The process does not run. */
  | "ended"
  /** It runs, and denies everything: it has not registered yet, or has fenced itself. */
  | "idle"
  /** Its Lease is written, with nothing applied. */
  | "registered"
  /** It has listed the projections, and denies everything still. */
  | "listed"
  | "serving";

export interface Verifier {
  readonly phase: Phase;
  /** Of the document that it decides by; 0 for none. */
  readonly version: number;
  readonly hasContact: boolean;
  /** Somebody deleted the Lease of this process while it lived. */
  readonly isForgotten: boolean;
  /** The version that its Lease reports as applied; undefined without a Lease. No other process writes a Lease of its name. */
  readonly lease: number | undefined;
  /** Of a verifier in a Pod: before it is created, while it is there, and after it is gone. */
  readonly pod: "none" | "absent" | "there" | "gone";
}

/** A Lease as a list showed it. */
interface ListedLease {
  readonly applied: number;
  /** It had not changed for as long as it lasts, so that its verifier had fenced itself by then, or ended. */
  readonly isExpired: boolean;
  /** It was written since. */
  readonly hasChanged: boolean;
}

export interface Operator {
  /** Whether it has listed the Leases since it learned of the latest version. */
  readonly hasListed: boolean;
  /** The Leases by verifier, as the last list showed them, without those that were deleted since. */
  readonly listed: readonly (ListedLease | undefined)[];
  /** Verifiers whose Pod was found to be missing, by a read that began at the step's place in the protocol. */
  readonly podMissing: readonly boolean[];
  /** Whether the latest version was reported as programmed. */
  readonly isReported: boolean;
}

/** The first document gives one permission; one verifier decides by it, the other one's Pod is yet to be created. */
export function initial(left: Budget): State {
  const common = { hasContact: true, isForgotten: false } as const;
  return {
    history: [{ allows: [true, false], change: "Addition" }],
    verifiers: [
      { ...common, phase: "serving", version: 1, lease: 1, pod: "none" },
      { ...common, phase: "ended", version: 0, lease: undefined, pod: "absent" },
    ],
    operator: RESTARTED,
    left,
  };
}

/** An operator that knows the state in the API server, and nothing else. */
export const RESTARTED: Operator = {
  hasListed: false,
  listed: [undefined, undefined],
  podMissing: [false, false],
  isReported: false,
};

/** A text that is the same for equal states alone. */
export function keyOf({ history, verifiers, operator, left }: State): string {
  const bit = (value: boolean) => (value ? "1" : "0");
  return [
    history.map(({ allows, change }) => bit(allows[0]) + bit(allows[1]) + change[0]).join(),
    ...verifiers.map(
      (one) =>
        `${one.phase}${one.version}${bit(one.hasContact)}${bit(one.isForgotten)}${one.lease ?? "-"}${one.pod}`,
    ),
    ...operator.listed.map((one) =>
      one ? `${one.applied}${bit(one.isExpired)}${bit(one.hasChanged)}` : "-",
    ),
    bit(operator.hasListed) + operator.podMissing.map(bit).join("") + bit(operator.isReported),
    `${left.writes}${left.operatorRestarts}${left.verifierStarts}${left.cuts}${left.forgets}`,
  ].join(" ");
}

/** The version of the latest document. */
export function latest({ history }: State): number {
  return history.length;
}

/** Whether a verifier allows what the current document, reported as programmed, does not. */
export function isViolated(state: State): boolean {
  const version = latest(state);
  if (!state.operator.isReported) return false;
  const now = state.history[version - 1]?.allows ?? [false, false];
  return state.verifiers.some(({ phase, version: applied, isForgotten }) => {
    const decided = state.history[applied - 1]?.allows ?? [false, false];
    return phase === "serving" && !isForgotten && decided.some((allowed, at) => allowed && !now[at]);
  });
}
