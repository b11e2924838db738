import { FINALIZER } from "../../api/names.ts";
import { documentName } from "../../projection/documentName.ts";
import type { Store, WriteOutcome } from "../../store/store.ts";
import type { PlanInput } from "../plan/planInput.ts";
import type { WriteStep } from "../plan/step.ts";
import { objectVersion, projectionVersion, secretVersion } from "./cachedVersions.ts";
import type { Written } from "./freshness.ts";
import { isObjectUnchanged, isProjectionUnchanged, type Reads } from "./preconditions.ts";
import type { ReturnedVersion } from "./returnedVersion.ts";

type StepKind = WriteStep["kind"];
type StepOf<Kind extends StepKind> = WriteStep & { readonly kind: Kind };

/** How one kind of step is executed. */
interface StepRow<Step> {
  /** Checked on the API server right before the write. If it is false the object is planned again. */
  readonly precondition: (
    store: Reads,
    input: PlanInput,
    step: Step,
    returned: ReturnedVersion,
  ) => Promise<boolean>;
  /** The one write. */
  readonly write: (store: Store, step: Step) => Promise<WriteOutcome>;
  /** The cache entry that shows the write. `version` is the resourceVersion that the store returned. */
  readonly shownBy: (store: Store, step: Step, version: string) => Written;
}

const NO_PRECONDITION = () => Promise.resolve(true);

const STEPS: { readonly [Kind in StepKind]: StepRow<StepOf<Kind>> } = {
  writeFinalizers: {
    precondition: async (store, input, { finalizers }) =>
      finalizers.includes(FINALIZER) || (await isProjectionUnchanged(store, input)),
    write: (store, step) => store.writeFinalizers(step.object, step.finalizers, step.resourceVersion),
    // The removal of the last finalizer of a terminating object deletes the object, so any other version counts.
    shownBy: (store, step) => removed(objectVersion(store, step.object), step.resourceVersion),
  },
  createProjection: {
    precondition: async (store, input, _, returned) =>
      returned.is(input.object) || (await isObjectUnchanged(store, input)),
    write: (store, step) => store.createProjection(step.document, step.change),
    shownBy: (store, step, to) => created(projectionVersion(store, documentName(step.document)), to),
  },
  replaceProjection: {
    precondition: isObjectUnchanged,
    write: (store, step) => store.replaceProjection(step.document, step.change, step.resourceVersion),
    shownBy: (store, step, to) => created(projectionVersion(store, documentName(step.document)), to),
  },
  deleteProjection: {
    precondition: isObjectUnchanged,
    write: (store, step) => store.deleteProjection(step.name, step.resourceVersion),
    shownBy: (store, step) => removed(projectionVersion(store, step.name), step.resourceVersion),
  },
  createCredentials: {
    precondition: isProjectionUnchanged,
    write: (store, step) => store.createCredentials(step.content),
    shownBy: (store, step, to) => created(secretVersion(store, step.content), to),
  },
  restoreCredentials: {
    precondition: isProjectionUnchanged,
    write: restoreOrDelete,
    shownBy: (store, step, to) => replaced(secretVersion(store, step.content), step.resourceVersion, to),
  },
  deleteCredentials: {
    precondition: isObjectUnchanged,
    write: (store, step) => store.deleteCredentials(step.secret, step.resourceVersion),
    shownBy: (store, step) => removed(secretVersion(store, step.secret), step.resourceVersion),
  },
  writeStatus: {
    precondition: NO_PRECONDITION,
    write: (store, step) => store.writeStatus(step.object, step.status, step.resourceVersion),
    shownBy: (store, step, to) => replaced(objectVersion(store, step.object), step.resourceVersion, to),
  },
};

/** The outcome of a write, and the cache entry to wait for before the next plan. */
export interface Applied {
  readonly outcome: WriteOutcome;
  readonly written?: Written;
}

/** Executes the write of a step. Throws StoreUnavailable if the store does not respond. */
export async function apply(store: Store, step: WriteStep): Promise<Applied> {
  const row = rowOf(step);
  const outcome = await row.write(store, step);
  if (outcome.kind !== "written") return { outcome };
  return { outcome, written: row.shownBy(store, step, outcome.resourceVersion) };
}

/**
 * Re-reads what a step was planned on from the API server right before the write, because our cache may be stale and a second
 * operator may believe that it leads. A response to the finalizer write of the same reconcile counts as such a read. The resourceVersion
 * that the step carries covers changes after it.
 */
export function meetsPrecondition(
  store: Reads,
  input: PlanInput,
  step: WriteStep,
  returned: ReturnedVersion,
): Promise<boolean> {
  return rowOf(step).precondition(store, input, step, returned);
}

/** The row of the step's own kind. TypeScript cannot relate the two unions, so this is the only cast. */
function rowOf<Step extends WriteStep>({ kind }: Step): StepRow<Step> {
  return STEPS[kind] as unknown as StepRow<Step>;
}

function created(cached: Written["cached"], to: string): Written {
  return { cached, from: undefined, to };
}

function replaced(cached: Written["cached"], from: string, to: string): Written {
  return { cached, from, to };
}

function removed(cached: Written["cached"], from: string): Written {
  return { cached, from, to: undefined };
}

/**
 * Replaces the Secret's content. An immutable Secret cannot be changed, so it is deleted, and the next plan creates it. A refused
 * write changed nothing, so this is still at most one write.
 */
async function restoreOrDelete(store: Store, step: StepOf<"restoreCredentials">): Promise<WriteOutcome> {
  const outcome = await store.restoreCredentials(step.content, step.resourceVersion);
  if (outcome.kind !== "refused") return outcome;
  const deleted = await store.deleteCredentials(step.secret, step.resourceVersion);
  return deleted.kind === "written" ? { kind: "conflict" } : deleted;
}
