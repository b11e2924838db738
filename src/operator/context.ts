import type { ObjectMeta } from "../api/meta.ts";
import { objectKey } from "../api/names.ts";
import type { Kind } from "../api/vocabulary.ts";
import type { Times } from "../policy/change/rules.ts";
import { documentName } from "../projection/documentName.ts";
import type { Projection } from "../projection/documents.ts";
import type { StoredProjection } from "../projection/feed.ts";
import type { Store } from "../store/store.ts";
import type { Environment } from "./environment.ts";
import type { Projected } from "./index/projected.ts";
import type { SecretIndex } from "./index/secretIndex.ts";
import { projectionNameOf, queueKey, type Subject } from "./key.ts";
import type { PlanInput } from "./planInput.ts";
import type { Acknowledgement } from "./verifiers/acknowledgement.ts";
import type { Acknowledgements } from "./verifiers/acknowledgements.ts";

/** All that is gathered from. */
export interface Context {
  readonly store: Store;
  readonly environment: Environment;
  readonly projected: Projected;
  readonly secrets: SecretIndex;
  readonly acknowledgements: Acknowledgements;
  readonly memory: Memory;
}

/** A write that a person has to make possible is tried again this often; an edit of the object tries it at once. */
export const REFUSED_RETRY_MS = 300_000;

/** How far the clocks of operator and verifiers may be apart where an end is compared with a fence. */
const CLOCK_MARGIN_MS = 60_000;

/** What the operator remembers of refused writes, in monotonic milliseconds; after a restart it tries them once more. */
export class Memory {
  readonly #refusals = new Map<
    string,
    { readonly generation: number; readonly message: string; readonly until: number }
  >();
  readonly #taken = new Map<string, number>();

  refused(key: string, generation: number, message: string, now: number): void {
    this.#refusals.set(key, { generation, message, until: now + REFUSED_RETRY_MS });
  }

  /** The refusal of that generation, while it is believed. */
  refusal(key: string, generation: number, now: number): string | undefined {
    const refusal = this.#refusals.get(key);
    if (refusal?.generation === generation && now < refusal.until) return refusal.message;
    this.#refusals.delete(key);
    return undefined;
  }

  /** A Secret of that name is there, though it is not seen; believed until then (monotonic milliseconds). */
  taken(secret: string, until: number): void {
    this.#taken.set(secret, until);
  }

  /** A Secret of that name is seen, or none is in the way any more. */
  free(secret: string): void {
    this.#taken.delete(secret);
  }

  isTaken(secret: string, now: number): boolean {
    const until = this.#taken.get(secret);
    if (until !== undefined && until <= now) this.#taken.delete(secret);
    return until !== undefined && until > now;
  }
}

/** What the plans of all kinds look at, beside the object itself. */
export function observeProjection(
  { store, acknowledgements, environment }: Context,
  subject: Subject,
): {
  readonly projection: StoredProjection | undefined;
  readonly acknowledgement: Acknowledgement;
  readonly times: Times;
  readonly restores: boolean;
} {
  const now = environment.clock.wall();
  const times = { now, horizon: now + acknowledgements.longestLeaseMs() + CLOCK_MARGIN_MS };
  const common = { times, restores: environment.restore === true };
  const name = projectionNameOf(subject);
  const projection = store.projections.get(name);
  if (!projection) return { projection, acknowledgement: { kind: "unknown" }, ...common };
  const acknowledgement = acknowledgements.of(name, projection.resourceVersion);
  return { projection, acknowledgement, ...common };
}

/** The projection with its document if that is one of the subject; any other counts as one that cannot be read. */
export function narrowed<Document extends Projection>(
  projection: StoredProjection | undefined,
  subject: Subject,
  isOfKind: (document: Projection) => document is Document,
): PlanInput<never, Document>["projection"] {
  if (!projection) return undefined;
  const { document } = projection;
  const fits = document && isOfKind(document) && documentName(document) === projectionNameOf(subject);
  return { ...projection, document: fits ? document : undefined };
}

/** The refusal that still stands for an object as it is now. */
export function refusalOf(
  { memory, environment }: Context,
  kind: Kind,
  object: { readonly metadata: ObjectMeta } | undefined,
): string | undefined {
  if (!object) return undefined;
  const { namespace, name, generation = 0 } = object.metadata;
  return memory.refusal(
    queueKey(kind, objectKey(namespace, name)),
    generation,
    environment.clock.monotonic(),
  );
}
