import { objectKey } from "../api/names.ts";
import { traced } from "../observe/tracer.ts";
import type { ApplicationProjection } from "../projection/documents.ts";
import { StoreUnavailable } from "../store/store.ts";
import { observeApplication } from "./application/observe.ts";
import { planApplication, TAKEN_RETRY_MS } from "./application/plan.ts";
import { apply } from "./apply.ts";
import { type Context, REFUSED_RETRY_MS } from "./context.ts";
import { observeDomain } from "./domain/observe.ts";
import { planDomain } from "./domain/plan.ts";
import { Freshness } from "./freshness.ts";
import { observeGrant } from "./grant/observe.ts";
import { planGrant } from "./grant/plan.ts";
import { stillStands } from "./grounds.ts";
import { projectionNameOf, type Subject, subjectOf } from "./key.ts";
import type { KubeObject, PlanInput } from "./planInput.ts";
import type { WorkResult } from "./queue.ts";
import type { Rest, Step, StepEvent, WriteStep } from "./step.ts";

/** Own writes come back as events; this is for those that get lost. */
const CACHE_RETRY_MS = 5_000;
/** No object needs so many writes in a row; one that seems to is put at the end of the queue. */
const MOST_STEPS = 64;

const METERED = { done: "done", later: "later", conflict: "later", failed: "error" } as const;
const DONE: WorkResult = { kind: "done" };
/** Undefined: plan on. */
type Ended = WorkResult | undefined;

/** Brings one object at a time to where it should be: gather, plan, one write, and again until nothing is left. */
export class Reconciler {
  readonly #context: Context;
  readonly #freshness: Freshness;

  constructor(context: Context) {
    this.#context = context;
    this.#freshness = new Freshness(context.environment.clock);
  }

  /** Never throws. */
  async reconcile(key: string): Promise<WorkResult> {
    const { clock, meter } = this.#context.environment;
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
    const { log } = this.#context.environment;
    try {
      return await this.#steps(key);
    } catch (error) {
      if (error instanceof StoreUnavailable)
        log.warn({ object: key, reason: error.message }, "the store did not answer");
      // A bug's message could quote anything; its name and place say where to look.
      else log.error({ object: key, at: placeOf(error) }, "reconciling failed");
      return { kind: "failed" };
    }
  }

  async #steps(key: string): Promise<WorkResult> {
    const subject = subjectOf(key);
    for (let steps = 0; steps < MOST_STEPS; steps++) {
      if (!this.#freshness.isCurrent(key)) return { kind: "later", ms: CACHE_RETRY_MS };
      if (subject.kind === "Application")
        this.#context.projected.applications.release(projectionNameOf(subject));
      const { seen, step } = this.#plan(subject);
      if (step.kind === "rest") return this.#rest(key, seen, step);
      const ended = await this.#take(key, seen, step);
      if (ended) return ended;
    }
    return { kind: "later", ms: CACHE_RETRY_MS };
  }

  #plan(subject: Subject): { readonly seen: PlanInput; readonly step: Step } {
    const now = this.#context.environment.clock.wall();
    switch (subject.kind) {
      case "Application": {
        const seen = observeApplication(this.#context, subject);
        return { seen, step: planApplication(seen, now) };
      }
      case "ApiGrant": {
        const seen = observeGrant(this.#context, subject);
        return { seen, step: planGrant(seen, now) };
      }
      case "ApiDomain": {
        const seen = observeDomain(this.#context, subject);
        return { seen, step: planDomain(seen, now) };
      }
    }
  }

  #rest(key: string, { projection, refusal }: PlanInput, step: Rest): WorkResult {
    const { acknowledgements, environment } = this.#context;
    if (refusal !== undefined) return { kind: "later", ms: REFUSED_RETRY_MS };
    if (step.waitsForVerifiers && projection)
      acknowledgements.wait(projection.name, projection.resourceVersion, key);
    if (step.until === undefined) return DONE;
    return { kind: "later", ms: Math.max(step.until - environment.clock.wall(), 1) };
  }

  async #take(key: string, seen: PlanInput, step: WriteStep): Promise<Ended> {
    const { store, projected, environment } = this.#context;
    const name = projectionNameOf(seen.subject);
    if (!projected.applications.claim(newWords(step, seen), name)) return { kind: "conflict" };
    if (!(await stillStands(store, step, seen))) return { kind: "conflict" };
    const { outcome, written } = await apply(store, step);
    environment.log.debug({ object: key, step: step.kind, outcome: outcome.kind }, "wrote");
    if (written) this.#freshness.expect(key, written);
    switch (outcome.kind) {
      case "written":
        await this.#tell(seen.object, step.event);
        return undefined;
      case "conflict":
        return this.#conflict(step);
      case "gone":
        return { kind: "later", ms: CACHE_RETRY_MS };
      case "terminating":
        return DONE;
      case "refused":
        return this.#refused(key, seen, step, outcome.message);
    }
  }

  /** Plan again on what is there now, which the caches may show only after a while. */
  #conflict(step: WriteStep): WorkResult {
    if (step.kind !== "createCredentials") return { kind: "conflict" };
    const { memory, environment } = this.#context;
    const { namespace, name } = step.content;
    memory.taken(objectKey(namespace, name), environment.clock.monotonic() + TAKEN_RETRY_MS);
    return { kind: "conflict" };
  }

  async #refused(key: string, { object }: PlanInput, step: WriteStep, message: string): Promise<Ended> {
    const { memory, environment } = this.#context;
    environment.log.warn({ object: key, step: step.kind, reason: message }, "a write was refused");
    const said = { type: "Warning", reason: "WriteRefused", action: "Writing" } as const;
    await this.#tell(object, { ...said, message: message.slice(0, 1024) });
    if (!object || step.kind === "writeStatus") return { kind: "later", ms: REFUSED_RETRY_MS };
    memory.refused(key, object.metadata.generation ?? 0, message, environment.clock.monotonic());
    return undefined;
  }

  async #tell(object: KubeObject | undefined, event: StepEvent | undefined): Promise<void> {
    if (!object || !event) return;
    const { namespace = "", name, uid } = object.metadata;
    const { kind } = object;
    await this.#context.store.recordEvent({ object: { kind, namespace, name, uid }, ...event });
  }
}

/** Words of an Application's document that must be nobody else's: its id and keys, where they are new. */
function newWords(step: WriteStep, { projection }: PlanInput): readonly string[] {
  if (step.kind !== "createProjection" && step.kind !== "replaceProjection") return [];
  if (step.document.kind !== "Application") return [];
  const before = new Set(
    wordsOf(projection?.document?.kind === "Application" ? projection.document : undefined),
  );
  return wordsOf(step.document).filter((word) => !before.has(word));
}

function wordsOf(document: ApplicationProjection | undefined): readonly string[] {
  return document ? [document.applicationId, ...document.keys.map(({ apiAppKey }) => apiAppKey)] : [];
}

function placeOf(error: unknown): string {
  return error instanceof Error ? `${error.name} ${error.stack?.split("\n")[1]?.trim() ?? ""}` : "unknown";
}
