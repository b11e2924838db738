import { GROUP, LEADER_LEASE } from "../../api/names.ts";

/** One thing that a ServiceAccount may do: resourceAttributes of a SubjectAccessReview. */
export interface Right {
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly verb: string;
  /** "" is every namespace, or the cluster. */
  readonly namespace: string;
  readonly name?: string;
}

export interface Namespaces {
  readonly data: string;
  readonly system: string;
}

/** What a part of the installation needs, and what it must not have. */
export interface Rights {
  readonly needs: readonly Right[];
  readonly forbidden: readonly Right[];
}

const KINDS = ["applications", "apigrants", "apidomains"];
const LEASES = "coordination.k8s.io";

/** As manifests/rights gives them. HTTPRoutes are left out: without Gateway API nobody needs them. */
export function operatorRights({ data, system }: Namespaces): Rights {
  return {
    needs: [
      ...KINDS.flatMap((kind) => rights(GROUP, kind, ["get", "list", "watch", "patch"])),
      ...KINDS.map((kind) => ({ ...right(GROUP, kind, "patch"), subresource: "status" })),
      ...rights("", "namespaces", ["list", "watch"]),
      ...rights("", "secrets", ["list", "watch", "create", "patch", "delete"]),
      ...rights("events.k8s.io", "events", ["create", "patch"]),
      right(LEASES, "leases", "create", system),
      ...rights(LEASES, "leases", ["get", "update"], system).map((one) => ({
        ...one,
        name: LEADER_LEASE,
      })),
      ...rights("", "pods", ["get", "list", "watch"], system),
      ...rights("", "secrets", ["get", "list", "watch", "create", "update", "delete"], data),
      ...rights(LEASES, "leases", ["list", "delete"], data),
    ],
    forbidden: [
      right("", "secrets", "get"),
      right(GROUP, "applications", "create"),
      right(LEASES, "leases", "update", data),
    ],
  };
}

export function verifierRights({ data }: Namespaces): Rights {
  return {
    needs: [
      ...rights("", "secrets", ["list", "watch"], data),
      ...rights(LEASES, "leases", ["create", "get", "update", "delete"], data),
    ],
    forbidden: [
      right("", "secrets", "list"),
      right("", "secrets", "create", data),
      right("", "secrets", "update", data),
    ],
  };
}

/** For people, as `kubectl auth can-i` asks. */
export function tellRight({ group, resource, subresource, verb, namespace, name }: Right): string {
  const full = `${resource}${group === "" ? "" : `.${group}`}`;
  const what = [full, ...(name === undefined ? [] : [name])].join("/");
  const part = subresource === undefined ? "" : ` --subresource ${subresource}`;
  return `${verb} ${what}${part}${namespace === "" ? " in every namespace" : ` -n ${namespace}`}`;
}

function rights(group: string, resource: string, verbs: readonly string[], namespace = ""): readonly Right[] {
  return verbs.map((verb) => right(group, resource, verb, namespace));
}

function right(group: string, resource: string, verb: string, namespace = ""): Right {
  return { group, resource, verb, namespace };
}
