import type { ApiDomain } from "../api/apiDomain.ts";
import type { ApiGrant } from "../api/apiGrant.ts";
import type { Application } from "../api/application.ts";
import type { HttpRoute } from "../api/httpRoute.ts";
import type { Labels } from "../projection/documents.ts";

/** The objects that decide who may call what, as a directory or a cluster has them. Specs are valid, with defaults. */
export interface Tree {
  readonly applications: readonly Application[];
  readonly grants: readonly ApiGrant[];
  readonly domains: readonly ApiDomain[];
  /** By `namespace/name`. */
  readonly routes: ReadonlyMap<string, HttpRoute>;
  /** By the name of the namespace. A namespace that is missing has its name as its only label. */
  readonly namespaceLabels: ReadonlyMap<string, Labels>;
}

/** Labels of a namespace; Kubernetes gives each one its name as a label. */
export function labelsOf({ namespaceLabels }: Tree, namespace: string): Labels {
  return { "kubernetes.io/metadata.name": namespace, ...namespaceLabels.get(namespace) };
}
