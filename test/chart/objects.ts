import { parseAllDocuments } from "yaml";
import type { ManifestObject } from "../../scripts/manifests/render.ts";

/** An object as it is applied. */
export interface Applied extends ManifestObject {
  readonly spec?: unknown;
  /** Of role bindings. */
  readonly roleRef?: { readonly name: string };
  readonly subjects?: readonly { readonly name: string }[];
}

/** The objects of a YAML stream. */
export function objectsIn(yaml: string): readonly Applied[] {
  return parseAllDocuments(yaml, { version: "1.1" }).flatMap((document) => {
    const object: unknown = document.toJS();
    return isApplied(object) ? [object] : [];
  });
}

function isApplied(object: unknown): object is Applied {
  return typeof object === "object" && object !== null && "kind" in object && "metadata" in object;
}

/** Every Pod that these objects would make, as a Pod of the namespace. */
export function podsOf(objects: readonly Applied[], namespace: string): readonly Applied[] {
  return objects.flatMap((object) => {
    const { template } = (object.spec ?? {}) as { readonly template?: { readonly spec: object } };
    const spec = object.kind === "Pod" ? object.spec : template?.spec;
    if (spec === undefined) return [];
    const metadata = { name: object.metadata.name, namespace };
    return [{ apiVersion: "v1", kind: "Pod", metadata, spec }];
  });
}
