import { objectKey } from "../../api/names.ts";
import { traced } from "../../observe/tracer.ts";
import { StoreUnavailable } from "../../store/store.ts";
import { TAKEN_RETRY_MS } from "../application/plan.ts";
import { newUniqueValues } from "../application/uniqueValues.ts";
import type { Deps } from "../deps.ts";
import { planNext } from "../kinds.ts";
import type { KubeObject, PlanInput } from "../plan/planInput.ts";
import type { Rest, StepEvent, WriteStep } from "../plan/step.ts";
import { projectionNameOf, subjectOf } from "../subject.ts";
import { REFUSED_RETRY_MS } from "../writeMemory.ts";
import type { Load } from "./adaptiveLimit.ts";
import { Freshness } from "./freshness.ts";
import type { WorkResult } from "./queue.ts";
import { ReturnedVersion } from "./returnedVersion.ts";
import { apply, meetsPrecondition } from "./steps.ts";

/** The operator's own writes arrive as watch events; this retry, in milliseconds, covers a lost event. */
const CACHE_RETRY_MS = 5_000;
/** No object needs this many writes in a row. One that exceeds it is requeued, so that it cannot block a worker forever. */
const MOST_STEPS = 64;

const METERED = { done: "done", later: "later", conflict: "later", failed: "error" } as const;
const DONE: WorkResult = { kind: "done" };
/** Undefined: plan the next step. */
type Ended = WorkResult | undefined;

export interface ReconcileHooks {
  /** Called right before each plan, which sees all changes until then, those of the writes before it included. */
  readonly onPlan: (key: string) => void;
  /** Called with the result of each write, its precondition included. */
  readonly onLoad: (load: Load) => void;
}

/** Reconciles one object: gather, plan, check the precondition, one write; repeated until the plan has no further write. */
export class Reconciler {
  readonly #deps: Deps;
  readonly #freshness: Freshness;
  readonly #hooks: ReconcileHooks;

  constructor(deps: Deps, hooks: ReconcileHooks) {
    this.#deps = deps;
    this.#hooks = hooks;
    this.#freshness = new Freshness(deps.ports.clock);
  }

  /** Reconciles the object with this work key. Never throws. */
  async reconcile(key: string): Promise<WorkResult> {
    const { clock, meter } = this.#deps.ports;
    const start = clock.monotonic();
    const { kind } = subjectOf(key);
    const attributes = { "countersign.kind": kind, "countersign.object": key };
    const result = await traced(
      "countersign.reconcile",
      attributes,
      () => this.#guarded(key),
      (one) => one.kind === "failed",
    );
    meter.reconciled(kind, METERED[result.kind], (clock.monotonic() - start) / 1000);
    return result;
  }

  async #guarded(key: string): Promise<WorkResult> {
    const { log } = this.#deps.ports;
    try {
      return await this.#steps(key);
    } catch (error) {
      if (error instanceof StoreUnavailable)
        log.warn({ object: key, reason: error.message }, "the store did not respond");
      // Logs only the error's name and place: the message of a bug could quote a secret.
      else log.error({ object: key, at: placeOf(error) }, "reconciling failed");
      return { kind: "failed" };
    }
  }

  async #steps(key: string): Promise<WorkResult> {
    const subject = subjectOf(key);
    const returned = new ReturnedVersion();
    for (let steps = 0; steps < MOST_STEPS; steps++) {
      if (!this.#freshness.isCurrent(key)) return { kind: "later", ms: CACHE_RETRY_MS };
      this.#deps.documents.applications.release(projectionNameOf(subject));
      this.#hooks.onPlan(key);
      const { input, step } = planNext(this.#deps, subject);
      if (step.kind === "rest") return this.#rest(key, input, step);
      const ended = await this.#measured(() => this.#take(key, input, step, returned));
      if (ended) return ended;
    }
    return { kind: "later", ms: CACHE_RETRY_MS };
  }

  async #measured(write: () => Promise<Ended>): Promise<Ended> {
    const { clock } = this.#deps.ports;
    const start = clock.monotonic();
    try {
      const ended = await write();
      this.#hooks.onLoad({ kind: "replied", ms: clock.monotonic() - start });
      return ended;
    } catch (error) {
      if (error instanceof StoreUnavailable) this.#hooks.onLoad({ kind: "failed" });
      throw error;
    }
  }

  #rest(key: string, { projection, refusal }: PlanInput, step: Rest): WorkResult {
    const { acknowledgements, ports } = this.#deps;
    if (refusal !== undefined) return { kind: "later", ms: REFUSED_RETRY_MS };
    if (step.waitsForVerifiers && projection)
      acknowledgements.wait(projection.name, projection.resourceVersion, key);
    if (step.until === undefined) return DONE;
    return { kind: "later", ms: Math.max(step.until - ports.clock.wall(), 1) };
  }

  async #take(key: string, input: PlanInput, step: WriteStep, returned: ReturnedVersion): Promise<Ended> {
    const { store, documents, ports } = this.#deps;
    const name = projectionNameOf(input.subject);
    if (!documents.applications.reserve(newUniqueValues(step, input), name)) return { kind: "conflict" };
    if (!(await meetsPrecondition(store, input, step, returned))) return { kind: "conflict" };
    const { outcome, written } = await apply(store, step);
    returned.note(step, outcome);
    ports.log.debug({ object: key, step: step.kind, outcome: outcome.kind }, "wrote");
    if (written) this.#freshness.expect(key, written);
    switch (outcome.kind) {
      case "written":
        this.#record(input.object, step.event);
        return undefined;
      case "conflict":
        return this.#conflict(step);
      case "gone":
        return { kind: "later", ms: CACHE_RETRY_MS };
      case "terminating":
        return DONE;
      case "refused":
        return this.#refused(key, input, step, outcome.message);
    }
  }

  /** Plans again with back-off, because the caches may show the conflicting write only later. */
  #conflict(step: WriteStep): WorkResult {
    if (step.kind !== "createCredentials") return { kind: "conflict" };
    const { memory, ports } = this.#deps;
    const { namespace, name } = step.content;
    memory.taken(objectKey(namespace, name), ports.clock.monotonic() + TAKEN_RETRY_MS);
    return { kind: "conflict" };
  }

  #refused(key: string, { object }: PlanInput, step: WriteStep, message: string): Ended {
    const { memory, ports } = this.#deps;
    ports.log.warn({ object: key, step: step.kind, reason: message }, "a write was refused");
    const warning = { type: "Warning", reason: "WriteRefused", action: "Writing" } as const;
    this.#record(object, { ...warning, message: message.slice(0, 1024) });
    if (!object || step.kind === "writeStatus") return { kind: "later", ms: REFUSED_RETRY_MS };
    memory.refused(key, object.metadata.generation ?? 0, message, ports.clock.monotonic());
    return undefined;
  }

  /** Best effort: nothing waits for it. */
  #record(object: KubeObject | undefined, event: StepEvent | undefined): void {
    if (!object || !event) return;
    const { namespace = "", name, uid } = object.metadata;
    const { kind } = object;
    void this.#deps.store.recordEvent({ object: { kind, namespace, name, uid }, ...event });
  }
}

function placeOf(error: unknown): string {
  return error instanceof Error ? `${error.name} ${error.stack?.split("\n")[1]?.trim() ?? ""}` : "unknown";
}
