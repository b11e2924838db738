import { classOf } from "../../api/class.ts";
import { FINALIZER } from "../../api/names.ts";
import type { Kind } from "../../api/vocabulary.ts";
import { systemClock } from "../../base/clock.ts";
import { StoreUnavailable } from "../store.ts";
import { failedWrite } from "./apiStatus.ts";
import type { Connection } from "./connection.ts";
import type { RawObject } from "./objects.ts";
import { kindPath, objectPath } from "./paths.ts";
import { listAll } from "./watch/list.ts";
import { MERGE_PATCH } from "./writer.ts";

const ATTEMPTS = 10;
const RETRY_MS = 200;
/** How many objects are written concurrently. */
const ABREAST = 16;

/** A consistent list of the objects of a kind and class that have Countersign's finalizer. Throws StoreUnavailable. */
export async function finalized(
  connection: Connection,
  kind: Kind,
  className: string,
): Promise<readonly RawObject[]> {
  const { items } = await listAll(connection, { path: kindPath(kind) }, (object) => object);
  return items.filter(
    (object) => classOf(object) === className && (object.metadata.finalizers ?? []).includes(FINALIZER),
  );
}

/**
 * Removes Countersign's finalizer from every object of a kind and class, and keeps other finalizers. Returns the number of objects.
 * Throws StoreUnavailable if the API server does not respond, or if another client keeps writing an object.
 */
export async function removeFinalizers(
  connection: Connection,
  kind: Kind,
  className: string,
  signal: AbortSignal,
): Promise<number> {
  let removed = 0;
  for (let attempt = 1; attempt <= ATTEMPTS && !signal.aborted; attempt++) {
    const found = await finalized(connection, kind, className);
    if (found.length === 0) return removed;
    for (let at = 0; at < found.length && !signal.aborted; at += ABREAST) {
      const done = await Promise.all(
        found.slice(at, at + ABREAST).map((one) => remove(connection, kind, one)),
      );
      removed += done.filter(Boolean).length;
    }
    if (attempt > 1) await systemClock.sleep(RETRY_MS, signal);
  }
  signal.throwIfAborted();
  throw new StoreUnavailable(
    `the finalizers of ${kind} objects are restored by another client: is an operator running?`,
  );
}

/** Whether it was written; a conflict is retried with the next list. */
async function remove(connection: Connection, kind: Kind, { metadata }: RawObject): Promise<boolean> {
  const { name, namespace = "", uid, resourceVersion, finalizers = [] } = metadata;
  const body = {
    metadata: { uid, resourceVersion, finalizers: finalizers.filter((one) => one !== FINALIZER) },
  };
  const path = objectPath(kindPath(kind, namespace), name);
  const answer = await connection.request("PATCH", path, { body, contentType: MERGE_PATCH });
  const failed = failedWrite(answer, false);
  if (failed?.kind === "refused")
    throw new StoreUnavailable(`${kind} ${namespace}/${name}: ${failed.message}`);
  return failed === undefined;
}
