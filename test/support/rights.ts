import { readFile } from "node:fs/promises";
import type { ApiServer } from "./apiServer.ts";

/** One thing that somebody may do, or did: `countersign-data secrets list`; `*` is every namespace, and none. */
export type Right = string;

interface Rule {
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

interface Binding {
  readonly metadata: { readonly namespace?: string };
  readonly roleRef: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly { readonly kind: string; readonly name: string }[];
}

/** The requests of a ServiceAccount of countersign-system in the audit log, and those that RBAC did not allow. */
export async function rightsUsed(
  server: ApiServer,
  serviceAccount: string,
): Promise<{ readonly used: ReadonlySet<Right>; readonly forbidden: readonly Right[] }> {
  const lines = (await readFile(server.auditLog, "utf8")).split("\n").filter(Boolean);
  const used = new Set<Right>();
  const forbidden: Right[] = [];
  for (const { user, verb, objectRef, annotations } of lines.map((line) => JSON.parse(line))) {
    if (user.username !== `system:serviceaccount:countersign-system:${serviceAccount}` || !objectRef)
      continue;
    const { namespace = "*", resource, subresource } = objectRef;
    const right = `${namespace} ${[resource, subresource].filter(Boolean).join("/")} ${verb}`;
    used.add(right);
    if (annotations?.["authorization.k8s.io/decision"] !== "allow") forbidden.push(right);
  }
  return { used, forbidden };
}

/** What the roles that are bound to a ServiceAccount let it do. */
export async function rightsGranted(server: ApiServer, serviceAccount: string): Promise<ReadonlySet<Right>> {
  const list = async (resource: string) =>
    JSON.parse(await server.kubectl(["get", resource, "-A", "-o", "json"])).items;
  const bindings: Binding[] = [...(await list("rolebindings")), ...(await list("clusterrolebindings"))];
  const granted = new Set<Right>();
  for (const { metadata, roleRef, subjects = [] } of bindings) {
    if (!subjects.some(({ kind, name }) => kind === "ServiceAccount" && name === serviceAccount)) continue;
    const place = metadata.namespace ? ["-n", metadata.namespace] : [];
    const role = await server.kubectl(["get", `${roleRef.kind}/${roleRef.name}`, ...place, "-o", "json"]);
    for (const { resources, verbs } of JSON.parse(role).rules as Rule[])
      for (const resource of resources)
        for (const verb of verbs) granted.add(`${metadata.namespace ?? "*"} ${resource} ${verb}`);
  }
  return granted;
}

/** The granted rights that no request needed: a right for every namespace is needed where no narrower one serves. */
export function needless(granted: ReadonlySet<Right>, used: ReadonlySet<Right>): readonly Right[] {
  const needed = new Set([...used].map((right) => (granted.has(right) ? right : right.replace(/^\S+/, "*"))));
  return [...granted].filter((right) => !needed.has(right)).sort();
}
