import { field, text } from "../../../base/json.ts";
import type { Gap } from "../../../console/gap.ts";
import type { Connection } from "../../../store/kube/connection.ts";
import { StoreUnavailable } from "../../../store/store.ts";

/** Where a resource can be listed; `path` is undefined if it cannot. */
export interface Reach {
  readonly path: string | undefined;
  readonly gap?: Gap;
}

/** A resource of the console, in all namespaces and in one; `""` if it is not namespaced. */
export interface Wanted {
  /** As in RBAC, such as `apigrants.countersign.dev`. */
  readonly resource: string;
  readonly path: string;
  readonly namespacedPath: string;
  /** Whether a cluster may lack it. */
  readonly isOptional: boolean;
}

/** Who asks: a name that RBAC knows, and the namespace to look at where all may not be listed. */
export interface Viewer {
  readonly user: string;
  readonly namespace: string;
}

/** Finds the widest list of a resource that the viewer may read. Throws StoreUnavailable if the server does not respond. */
export async function reachOf(connection: Connection, wanted: Wanted, viewer: Viewer): Promise<Reach> {
  const { resource, path, namespacedPath, isOptional } = wanted;
  const status = await statusOf(connection, path);
  if (status === 200) return { path };
  // RBAC denies a resource whether it is served or not, and everybody may ask for the resources of a group.
  if (status === 404 || (status === 403 && (await statusOf(connection, groupOf(path))) === 404))
    return {
      path: undefined,
      ...(isOptional ? {} : { gap: { resource, reason: "notServed", commands: [] } }),
    };
  if (status !== 403) throw new StoreUnavailable(`GET ${path} returned ${status}`);
  const forbidden = { resource, reason: "forbidden", commands: remedy(resource, viewer.user) } as const;
  if (namespacedPath === "" || (await statusOf(connection, namespacedPath)) !== 200)
    return { path: undefined, gap: forbidden };
  return { path: namespacedPath, gap: { ...forbidden, onlyNamespace: viewer.namespace } };
}

/** Such as `/apis/countersign.dev/v1alpha1`. */
function groupOf(path: string): string {
  return path
    .split("/")
    .slice(0, path.startsWith("/apis/") ? 4 : 3)
    .join("/");
}

/** The name of the viewer as the API server knows it; a placeholder if it does not return one. */
export async function userOf(connection: Connection): Promise<string> {
  const review = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
  const { body } = await connection.request("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", {
    body: review,
  });
  const name = text(field(body, "status", "userInfo", "username"));
  return name === "" ? "<your user>" : name;
}

/** The commands by which a cluster admin lets the viewer list and watch a resource in all namespaces. */
function remedy(resource: string, user: string): readonly string[] {
  const role = `countersign-console-${resource.split(".")[0]}`;
  return [
    `kubectl create clusterrole ${role} --verb=get,list,watch --resource=${resource}`,
    `kubectl create clusterrolebinding ${role} --clusterrole=${role} --user='${user.replaceAll("'", "")}'`,
  ];
}

async function statusOf(connection: Connection, path: string): Promise<number> {
  return (await connection.request("GET", path, { query: { limit: "1" } })).status;
}
