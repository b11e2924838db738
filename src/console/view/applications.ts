import type { Application } from "../../api/application.ts";
import type { Collection } from "../../store/store.ts";
import { type StateView, stateOf } from "./state.ts";

/** One line of the list of Applications. Times are RFC 3339. */
export interface ApplicationRow extends StateView {
  readonly namespace: string;
  readonly name: string;
  readonly displayName: string;
  /** "" before the operator has given it one. */
  readonly applicationId: string;
  readonly activeKey: string;
  /** The number of keys that are valid or Pending. */
  readonly keys: number;
  /** The number of grants that admit it. */
  readonly grants: number;
  readonly expiresAt?: string;
  /** The last use of any key, as far as verifiers record it; undefined if none is known. */
  readonly lastUsedAt?: string;
  readonly createdAt: string;
}

/** The list of Applications, by namespace and name. */
export function applicationRows(applications: Collection<Application>): readonly ApplicationRow[] {
  return [...applications.values()].map(applicationRow).sort(byName);
}

/** The line of one Application. */
export function applicationRow(application: Application): ApplicationRow {
  const { metadata, spec, status } = application;
  const keys = status?.keys ?? [];
  const { expiresAt } = spec;
  return {
    namespace: metadata.namespace ?? "",
    name: metadata.name,
    displayName: spec.displayName ?? "",
    applicationId: status?.applicationId ?? "",
    activeKey: keys.find(({ state }) => state === "Active")?.apiAppKey ?? "",
    keys: status?.keysCount ?? keys.length,
    grants: status?.grants?.count ?? 0,
    createdAt: metadata.creationTimestamp,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(status?.lastUsedTime === undefined ? {} : { lastUsedAt: status.lastUsedTime }),
    ...stateOf(application),
  };
}

interface Named {
  readonly namespace: string;
  readonly name: string;
}

/** Orders by namespace, then by name. */
export function byName(a: Named, b: Named): number {
  return order(a.namespace, b.namespace) || order(a.name, b.name);
}

function order(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
