import type { Tree } from "../../../access/tree.ts";
import type { ApiDomain } from "../../../api/apiDomain.ts";
import type { ApiGrant } from "../../../api/apiGrant.ts";
import type { Application } from "../../../api/application.ts";
import { readHttpRoute } from "../../../api/httpRoute.ts";
import type { ObjectMeta } from "../../../api/meta.ts";
import { API_VERSION, objectKey } from "../../../api/names.ts";
import type { Kind } from "../../../api/vocabulary.ts";
import { field, text } from "../../../base/json.ts";
import { EPOCH, parseTime } from "../../../base/timestamp.ts";
import { type Declared, idOf } from "../../../store/files/declared.ts";
import type { TreeFiles, TreeObject } from "./readTree.ts";

/** A valid object of a tree, and its place in the files. */
export type DeclaredObject = TreeObject & {
  readonly read: { readonly kind: "declared"; readonly declared: Declared };
};

/** The first valid object of each identity, by id such as `Application team-shop/mobile-app`. */
export function declaredIn({ objects }: TreeFiles): ReadonlyMap<string, DeclaredObject> {
  const found = new Map<string, DeclaredObject>();
  for (const one of objects) {
    if (!isDeclared(one)) continue;
    const id = idOfDeclared(one.read.declared);
    if (!found.has(id)) found.set(id, one);
  }
  return found;
}

/** Whether the object is valid, and of a kind that Countersign reads. */
export function isDeclared(one: TreeObject): one is DeclaredObject {
  return one.read.kind === "declared";
}

/** As `Application team-shop/mobile-app`. */
export function idOfDeclared({ kind, namespace, name }: Declared): string {
  return idOf(kind, namespace, name);
}

/** Later than EPOCH, which objects have whose age is not known. */
const LATER = "1970-01-01T00:00:01Z";

/**
 * The objects as an API server would have them. Their age decides which of two ApiDomains has a host: objects that `older` does
 * not have were created later than those that it has. A creationTimestamp in the file, as in a backup, is used instead.
 */
export function treeOf(
  declared: ReadonlyMap<string, DeclaredObject>,
  older?: ReadonlyMap<string, DeclaredObject>,
): Tree {
  const all = [...declared].map(([id, one]) => ({ ...one.read.declared, object: one.object, id }));
  const of = (kind: Declared["kind"]) => all.filter((one) => one.kind === kind);
  const created = (id: string) => (older === undefined || older.has(id) ? EPOCH : LATER);
  const objects = (kind: Kind) =>
    of(kind).map(({ object, id, ...one }) => ({
      ...{ apiVersion: API_VERSION, kind, spec: one.spec },
      metadata: metadataOf(one, object.value, created(id)),
      ...statusOf(object.value),
    }));
  return {
    applications: objects("Application") as unknown as readonly Application[],
    grants: objects("ApiGrant") as unknown as readonly ApiGrant[],
    domains: objects("ApiDomain") as unknown as readonly ApiDomain[],
    routes: new Map(
      of("HTTPRoute").map(({ object, id, ...one }) => [
        objectKey(one.namespace, one.name),
        readHttpRoute(metadataOf(one, object.value, created(id)), field(object.value, "spec")),
      ]),
    ),
    namespaceLabels: new Map(of("Namespace").map(({ name, labels }) => [name, labels])),
  };
}

function metadataOf(
  { kind, namespace, name, labels }: Declared,
  value: unknown,
  created: string,
): ObjectMeta {
  const written = text(field(value, "metadata", "creationTimestamp"));
  return {
    name,
    ...(namespace === "" ? {} : { namespace }),
    uid: idOf(kind, namespace, name),
    resourceVersion: "",
    creationTimestamp: parseTime(written) === undefined ? created : written,
    labels,
  };
}

/** An id that the file has in its status, as `kubectl get -o yaml` prints it. */
function statusOf(value: unknown): { readonly status?: unknown } {
  const applicationId = text(field(value, "status", "applicationId"));
  return applicationId === "" ? {} : { status: { applicationId } };
}
