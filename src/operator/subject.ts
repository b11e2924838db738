import type { ObjectMeta } from "../api/meta.ts";
import { objectKey, PROJECTION_PREFIXES, projectionName } from "../api/names.ts";
import { KINDS, type Kind } from "../api/vocabulary.ts";
import type { ObjectRef } from "../store/store.ts";

/** The identity of one object, which may or may not exist. `namespace` is "" for ApiDomains. */
export interface Subject {
  readonly kind: Kind;
  readonly namespace: string;
  readonly name: string;
}

/** The key of an object in the work queue, such as `Application/<namespace>/<name>`. */
export function workKey(kind: Kind, collectionKey: string): string {
  return `${kind}/${collectionKey}`;
}

/** The subject of a key that `workKey` returned. */
export function subjectOf(key: string): Subject {
  const [kind = "", ...rest] = key.split("/");
  const [namespace = "", name = ""] = rest.length === 2 ? rest : ["", rest[0]];
  return { kind: kind as Kind, namespace, name };
}

/** The subject's key in the store's collection. */
export function collectionKeyOf({ namespace, name }: Subject): string {
  return objectKey(namespace, name);
}

/** The name of the subject's projection. */
export function projectionNameOf({ kind, namespace, name }: Subject): string {
  return projectionName(kind, namespace, name);
}

const KIND_OF_PREFIX: ReadonlyMap<string, Kind> = new Map(
  KINDS.map((kind) => [PROJECTION_PREFIXES[kind], kind]),
);

/** The subject of a projection's name. Undefined if Countersign does not write such names. A namespace has no dots, a name may. */
export function subjectOfProjection(projection: string): Subject | undefined {
  const [prefix = "", ...rest] = projection.split(".");
  const kind = KIND_OF_PREFIX.get(prefix);
  if (!kind || rest.length === 0) return undefined;
  if (kind === "ApiDomain") return { kind, namespace: "", name: rest.join(".") };
  const [namespace = "", ...name] = rest;
  return name.length > 0 ? { kind, namespace, name: name.join(".") } : undefined;
}

/** The reference by which a write names its object. */
export function refOf(kind: Kind | "Secret", { namespace = "", name, uid }: ObjectMeta): ObjectRef {
  return { kind, namespace, name, uid };
}
