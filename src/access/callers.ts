import { objectKey } from "../api/names.ts";
import { EPOCH } from "../base/timestamp.ts";
import type { Caller as PolicyCaller } from "../policy/authorize.ts";
import { checkInForce } from "../policy/authorize.ts";
import type { GrantEntry } from "../policy/index/grantEntry.ts";
import type { ApiGrantProjection, ApplicationProjection } from "../projection/documents.ts";
import type { Documents } from "./documents.ts";

/**
 * One caller of APIs: an Application of the tree by `namespace/name`, or an id that grants name and no Application of the tree
 * is known to have, such as a partner's: `app-k3v9x0q2`, or `app-k3v9x0q2 in team-b` where a grant pins its namespace.
 */
export interface Caller extends PolicyCaller {
  readonly name: string;
}

/** What several trees know together of ids, so that one caller has one name in all of them. */
export interface Identities {
  /** The ids of Applications, by `namespace/name`. */
  readonly ids: ReadonlyMap<string, string>;
  /** Ids that grants name, with the namespaces that they pin; undefined is any. */
  readonly named: ReadonlyMap<string, ReadonlySet<string | undefined>>;
}

/** Gathers what the documents know of ids. */
export function identitiesOf(all: Iterable<Documents>): Identities {
  const ids = new Map<string, string>();
  const named = new Map<string, Set<string | undefined>>();
  for (const { applications, grants } of all) {
    for (const { namespace, name, applicationId } of applications)
      if (applicationId !== "") ids.set(objectKey(namespace, name), applicationId);
    for (const grant of grants)
      for (const one of grant.applications)
        if (one.kind === "id")
          named.set(one.applicationId, (named.get(one.applicationId) ?? new Set()).add(one.namespace));
  }
  return { ids, named };
}

/** The callers of one installation, and which of them a grant names. */
export class Callers {
  readonly all: readonly Caller[];
  readonly #byName = new Map<string, Caller>();
  readonly #byId = new Map<string, Caller[]>();
  readonly #byNamespace = new Map<string, Caller[]>();
  readonly #members = new Map<GrantEntry, readonly Caller[]>();

  constructor({ applications, grants }: Pick<Documents, "applications" | "grants">, identities: Identities) {
    this.all = [
      ...applications.map((one) => declared(one, identities)),
      ...unknownCallers(grants, identities),
    ];
    for (const caller of this.all) {
      const { namespace, applicationId } = caller.application;
      this.#byName.set(caller.name, caller);
      append(this.#byId, applicationId, caller);
      append(this.#byNamespace, namespace, caller);
    }
  }

  get(name: string): Caller | undefined {
    return this.#byName.get(name);
  }

  /** The callers that a grant is meant for, whether they are in force or not. */
  of(grant: GrantEntry): readonly Caller[] {
    const known = this.#members.get(grant);
    if (known) return known;
    const found = this.#candidates(grant).filter(({ application }) => grant.isMeantFor(application));
    const members = [...new Set(found)];
    this.#members.set(grant, members);
    return members;
  }

  #candidates({ names, ids, hasSelectors, document: { namespace } }: GrantEntry): readonly Caller[] {
    return [
      ...[...names].flatMap((name) => this.#byName.get(objectKey(namespace, name)) ?? []),
      ...[...ids.keys()].flatMap((id) => this.#byId.get(id) ?? []),
      ...(hasSelectors ? (this.#byNamespace.get(namespace) ?? []) : []),
    ];
  }
}

/** Whether a caller is neither suspended nor expired at an instant (epoch milliseconds). */
export function isInForce(caller: Caller, now: number): boolean {
  return checkInForce(caller, now) === undefined;
}

function declared(document: ApplicationProjection, { ids }: Identities): Caller {
  const name = objectKey(document.namespace, document.name);
  const application = { ...document, applicationId: ids.get(name) ?? "" };
  const expiresAt = document.expiresAt === undefined ? Infinity : Date.parse(document.expiresAt);
  return { name, application, isSuspended: document.suspended, expiresAt };
}

/**
 * Ids that these grants name and no Application is known to have. Each namespace that a grant pins is a caller of its own. Their
 * labels are not known and count as missing, so a selector for missing labels may show access that the Application does not have.
 */
function unknownCallers(
  grants: readonly ApiGrantProjection[],
  { ids, named }: Identities,
): readonly Caller[] {
  const known = new Set(ids.values());
  const here = new Set(
    grants.flatMap(({ applications }) =>
      applications.flatMap((one) => (one.kind === "id" ? [one.applicationId] : [])),
    ),
  );
  return [...here]
    .filter((id) => !known.has(id))
    .flatMap((id) => [...(named.get(id) ?? [])].map((namespace) => unknownCaller(id, namespace)));
}

function unknownCaller(applicationId: string, namespace: string | undefined): Caller {
  const application: ApplicationProjection = {
    ...{ kind: "Application", uid: applicationId, name: "", namespace: namespace ?? "" },
    ...{ createdAt: EPOCH, tombstone: false, applicationId, labels: {}, suspended: false },
    schemes: { Tencent: { algorithms: [], clockSkewSeconds: 900, parameters: "Auto", openVariants: [] } },
    ...{ keys: [], revokedKeys: [] },
  };
  const name = namespace === undefined ? applicationId : `${applicationId} in ${namespace}`;
  return { name, application, isSuspended: false, expiresAt: Infinity };
}

function append(map: Map<string, Caller[]>, key: string, caller: Caller): void {
  const list = map.get(key);
  if (list) list.push(caller);
  else map.set(key, [caller]);
}
