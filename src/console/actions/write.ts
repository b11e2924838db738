import { API_VERSION } from "../../api/names.ts";
import { isRecord } from "../../base/json.ts";
import type { Change } from "./change.ts";

/** One write to an API server: an object to create, or a merge patch of one at a version. */
export interface PlannedWrite {
  readonly kind: "Application" | "ApiGrant";
  readonly namespace: string;
  readonly name: string;
  readonly method: "POST" | "PATCH";
  readonly body: object;
}

/** The outcome of a write: the generation of the object that resulted (0 if it has none), or a message from the API server. */
export type WriteResult =
  | { readonly ok: true; readonly generation: number }
  | { readonly ok: false; readonly reason: "forbidden" | "conflict" | "refused"; readonly message: string };

/** The write of a change. A patch has the fields that differ alone, so that fields of others stay as they are. */
export function writeOf({ kind, before, after }: Change): PlannedWrite {
  const { name, namespace = "" } = after.metadata;
  const common = { kind, namespace, name };
  if (!before) {
    const body = { apiVersion: API_VERSION, kind, metadata: { name, namespace }, spec: after.spec };
    return { ...common, method: "POST", body };
  }
  const { resourceVersion } = before.metadata;
  const spec = mergePatch(before.spec, after.spec);
  return { ...common, method: "PATCH", body: { metadata: { resourceVersion }, spec } };
}

/** RFC 7386: null removes a field, and an array is replaced as a whole. */
function mergePatch(before: object, after: object): object {
  const old = new Map(Object.entries(before));
  const next = new Map(Object.entries(after));
  const patch: [string, unknown][] = [];
  for (const name of old.keys()) if (!next.has(name)) patch.push([name, null]);
  for (const [name, value] of next) {
    const was = old.get(name);
    if (isRecord(value) && isRecord(was)) {
      const inner = mergePatch(was, value);
      if (Object.keys(inner).length > 0) patch.push([name, inner]);
    } else if (JSON.stringify(value) !== JSON.stringify(was)) patch.push([name, value]);
  }
  return Object.fromEntries(patch);
}
