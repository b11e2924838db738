import type { Kind } from "../api/vocabulary.ts";
import { observeApplication } from "./application/observe.ts";
import { planApplication } from "./application/plan.ts";
import type { Deps } from "./deps.ts";
import { observeDomain } from "./domain/observe.ts";
import { planDomain } from "./domain/plan.ts";
import { observeGrant } from "./grant/observe.ts";
import { planGrant } from "./grant/plan.ts";
import type { PlanInput } from "./plan/planInput.ts";
import type { Step } from "./plan/step.ts";
import type { Subject } from "./subject.ts";

/** The next step for an object, and the input that it was planned on. */
export interface Planned {
  readonly input: PlanInput;
  readonly step: Step;
}

interface KindRow<Input extends PlanInput> {
  /** Gathers the plan's input from caches. */
  readonly observe: (deps: Deps, subject: Subject) => Input;
  /** Compares it and returns the next step. Pure: the time is the input's. */
  readonly plan: (input: Input) => Step;
}

type Planner = (deps: Deps, subject: Subject) => Planned;

/** All that the reconciler knows of a kind. */
const KIND_ROWS: Readonly<Record<Kind, Planner>> = {
  Application: row({ observe: observeApplication, plan: planApplication }),
  ApiGrant: row({ observe: observeGrant, plan: planGrant }),
  ApiDomain: row({ observe: observeDomain, plan: planDomain }),
};

/** Observes and plans one object. */
export function planNext(deps: Deps, subject: Subject): Planned {
  return KIND_ROWS[subject.kind](deps, subject);
}

function row<Input extends PlanInput>({ observe, plan }: KindRow<Input>): Planner {
  return (deps, subject) => {
    const input = observe(deps, subject);
    return { input, step: plan(input) };
  };
}
