import type { ObjectMeta } from "../../api/meta.ts";
import { objectKey } from "../../api/names.ts";
import type { Kind } from "../../api/vocabulary.ts";
import { documentName } from "../../projection/documentName.ts";
import type { Projection } from "../../projection/documents.ts";
import type { Deps } from "../deps.ts";
import { projectionNameOf, type Subject, workKey } from "../subject.ts";
import type { KubeObject, PlanInput } from "./planInput.ts";

/** Tolerated clock difference between operator and verifiers when an end is compared with a verifier's fence. */
const CLOCK_MARGIN_MS = 60_000;

/**
 * A wait for verifiers is not reported before this time has passed (milliseconds). Most waits end sooner, and their report would double
 * the writes of the status.
 */
const QUIET_MS = 2_000;

/** The part of the input that all kinds share. `isOfKind` recognizes the documents of the object's kind. */
export function gatherCommon<Object extends KubeObject, Document extends Projection>(
  deps: Deps,
  subject: Subject,
  object: Object | undefined,
  isOfKind: (document: Projection) => document is Document,
): PlanInput<Object, Document> {
  const { store, acknowledgements, ports } = deps;
  const now = ports.clock.wall();
  const name = projectionNameOf(subject);
  const projection = store.projections.get(name);
  const acknowledgement = projection
    ? acknowledgements.of(name, projection.resourceVersion)
    : ({ kind: "unknown" } as const);
  return {
    subject,
    object,
    projection: projection && {
      ...projection,
      document: narrowToKind(projection.document, subject, isOfKind),
    },
    acknowledgement,
    quietUntil: now + Math.max(0, QUIET_MS - acknowledgements.waitedMs(name)),
    times: { now, horizon: now + acknowledgements.longestLeaseMs() + CLOCK_MARGIN_MS },
    restores: ports.restore === true,
    refusal: refusalOf(deps, subject.kind, object),
  };
}

/** The document, if it is the subject's own. Any other one counts as unreadable. */
function narrowToKind<Document extends Projection>(
  document: Projection | undefined,
  subject: Subject,
  isOfKind: (document: Projection) => document is Document,
): Document | undefined {
  const isOwn = document && isOfKind(document) && documentName(document) === projectionNameOf(subject);
  return isOwn ? document : undefined;
}

/** The refusal of the last write for the object's present generation. */
function refusalOf(
  { memory, ports }: Deps,
  kind: Kind,
  object: { readonly metadata: ObjectMeta } | undefined,
): string | undefined {
  if (!object) return undefined;
  const { namespace, name, generation = 0 } = object.metadata;
  return memory.refusal(workKey(kind, objectKey(namespace, name)), generation, ports.clock.monotonic());
}
