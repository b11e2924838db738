import { latest, type State, type Verifier } from "./state.ts";

/** What one verifier, its Pod, or its network may do next. */
export function verifierSteps(state: State, at: number): readonly (readonly [string, State])[] {
  const verifier = state.verifiers[at];
  if (!verifier) return [];
  const { phase, hasContact, pod } = verifier;
  const runs = phase !== "ended";
  const isServing = phase === "serving";
  const mayStart = !runs && state.left.verifierStarts > 0 && pod !== "gone";
  const possible: readonly (readonly [string, boolean, () => State])[] = [
    // Its Pod goes when the kubelet has seen its containers end, or somebody asserts that they have.
    ["its Pod is deleted", pod === "there" && !runs, () => put(state, at, { pod: "gone" })],
    ["starts", mayStart, () => spend(put(state, at, started(verifier)), "verifierStarts")],
    ["dies", runs, () => put(state, at, ENDED)],
    ["registers", phase === "idle" && hasContact, () => register(state, at)],
    ["lists", phase === "registered" && hasContact, () => put(state, at, listed(state))],
    [
      "writes what it applied",
      (phase === "listed" || isServing) && hasContact,
      () => renew(state, at, verifier),
    ],
    ["applies an event", isServing && hasContact && verifier.version < latest(state), () => apply(state, at)],
    ["is cut off", isServing && hasContact && state.left.cuts > 0, () => spend(put(state, at, CUT), "cuts")],
    ["has contact again", !hasContact, () => put(state, at, { hasContact: true })],
    ["fences itself", runs && !hasContact, () => put(state, at, { phase: "idle", version: 0 })],
    ["drains and leaves", isServing && hasContact, () => leave(state, at)],
  ];
  return possible.flatMap(([name, isPossible, next]) => (isPossible ? [[name, next()] as const] : []));
}

const ENDED = { phase: "ended", version: 0, isForgotten: false, hasContact: true } as const;
const started = ({ pod }: Verifier) =>
  ({ ...ENDED, phase: "idle", pod: pod === "absent" ? "there" : pod }) as const;
const CUT = { hasContact: false } as const;

/** The state with another verifier at this place. */
export function put(state: State, at: number, change: Partial<Verifier>): State {
  const verifiers = state.verifiers.map((one, index) => (index === at ? { ...one, ...change } : one));
  return { ...state, verifiers };
}

/** One less of what may happen only so often. */
export function spend(state: State, what: keyof State["left"]): State {
  return { ...state, left: { ...state.left, [what]: state.left[what] - 1 } };
}

const listed = (state: State) => ({ phase: "listed", version: latest(state) }) as const;
const apply = (state: State, at: number) =>
  put(state, at, { version: (state.verifiers[at]?.version ?? 0) + 1 });

/** Takes the Lease of its name over, whichever process wrote it. */
function register(state: State, at: number): State {
  return writeLease(put(state, at, { phase: "registered", isForgotten: false }), at, 0);
}

/** A Lease that is gone ends its membership. */
function renew(state: State, at: number, { version, lease }: Verifier): State {
  if (lease === undefined) return put(state, at, { phase: "idle", version: 0 });
  return writeLease(put(state, at, { phase: "serving" }), at, version);
}

function leave(state: State, at: number): State {
  return writeLease(put(state, at, ENDED), at, undefined);
}

function writeLease(state: State, at: number, lease: number | undefined): State {
  const listed = state.operator.listed.map((one, index) =>
    one && index === at ? { ...one, hasChanged: true } : one,
  );
  return { ...put(state, at, { lease }), operator: { ...state.operator, listed } };
}
