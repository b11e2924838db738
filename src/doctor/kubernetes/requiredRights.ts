import { GROUP, LEADER_LEASE, USE_LEASE } from "../../api/names.ts";

/** One right of a ServiceAccount: the resourceAttributes of a SubjectAccessReview. */
export interface Right {
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly verb: string;
  /** "": every namespace, or the cluster. */
  readonly namespace: string;
  readonly name?: string;
}

export interface Namespaces {
  readonly data: string;
  readonly system: string;
}

/** The rights that a part of the installation needs, and those that it must not have. */
export interface Rights {
  readonly needs: readonly Right[];
  readonly forbidden: readonly Right[];
}

const KINDS = ["applications", "apigrants", "apidomains"];
const LEASES = "coordination.k8s.io";

/** The operator's rights, as manifests/rights grants them. Those on HTTPRoutes are left out, since only Gateway API needs them. */
export function operatorRights({ data, system }: Namespaces): Rights {
  return {
    needs: [
      ...KINDS.flatMap((kind) => rights(GROUP, kind, ["get", "list", "watch", "patch"])),
      ...KINDS.map((kind) => ({ ...right(GROUP, kind, "update"), subresource: "status" })),
      ...rights("", "namespaces", ["list", "watch"]),
      ...rights("", "secrets", ["list", "watch", "create", "patch", "delete"]),
      ...rights("events.k8s.io", "events", ["create", "patch"]),
      right(LEASES, "leases", "create", system),
      ...[LEADER_LEASE, USE_LEASE].flatMap((name) =>
        rights(LEASES, "leases", ["get", "update"], system).map((one) => ({ ...one, name })),
      ),
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

/** The verifiers' rights, as manifests/rights grants them. */
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

/** A right as text for people, in the words of `kubectl auth can-i`. */
export function rightText({ group, resource, subresource, verb, namespace, name }: Right): string {
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
