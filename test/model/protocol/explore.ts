import { operatorSteps, type Weakness } from "./operatorSteps.ts";
import { type Budget, initial, isViolated, keyOf, type State } from "./state.ts";
import { verifierSteps } from "./verifierSteps.ts";

/** How far an exploration came. */
export interface Explored {
  readonly states: number;
  /** The shortest way to a violation, step by step; undefined without a violation. */
  readonly violation: readonly string[] | undefined;
}

interface Reached {
  readonly state: State;
  readonly step: string;
  readonly from: Reached | undefined;
}

/** Visits every state that the steps reach within the budget, nearest first, until one violates the property. */
export function explore(budget: Budget, weakness?: Weakness): Explored {
  const first: Reached = { state: initial(budget), step: "", from: undefined };
  const known = new Set([keyOf(first.state)]);
  let frontier: Reached[] = [first];
  while (frontier.length > 0) {
    const next: Reached[] = [];
    for (const from of frontier) {
      for (const [step, state] of stepsOf(from.state, weakness)) {
        const key = keyOf(state);
        if (known.has(key)) continue;
        known.add(key);
        const reached = { state, step, from };
        if (isViolated(state)) return { states: known.size, violation: wayTo(reached) };
        next.push(reached);
      }
    }
    frontier = next;
  }
  return { states: known.size, violation: undefined };
}

function stepsOf(state: State, weakness: Weakness | undefined): readonly (readonly [string, State])[] {
  const verifiers = state.verifiers.flatMap((_, at) =>
    verifierSteps(state, at).map(([step, next]) => [`verifier ${at} ${step}`, next] as const),
  );
  return [...verifiers, ...operatorSteps(state, weakness)];
}

function wayTo(reached: Reached): readonly string[] {
  const steps: string[] = [];
  for (let one: Reached | undefined = reached; one?.from; one = one.from) steps.unshift(one.step);
  return steps;
}
