import { stringify } from "yaml";
import type { ObjectMeta } from "../../api/meta.ts";
import { API_VERSION } from "../../api/names.ts";
import type { Kind } from "../../api/vocabulary.ts";

interface Written {
  readonly kind: Kind;
  readonly metadata: Pick<ObjectMeta, "name" | "namespace" | "labels" | "annotations">;
  readonly spec: unknown;
}

/** An object as a file has it: what people write, without what the API server and the operator add. */
export function yamlOf({ kind, metadata, spec }: Written): string {
  const { name, namespace, labels, annotations } = metadata;
  const object = {
    apiVersion: API_VERSION,
    kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(isEmpty(labels) ? {} : { labels }),
      ...(isEmpty(annotations) ? {} : { annotations }),
    },
    spec,
  };
  return stringify(object, { version: "1.1", lineWidth: 0 });
}

function isEmpty(map: object | undefined): boolean {
  return map === undefined || Object.keys(map).length === 0;
}
