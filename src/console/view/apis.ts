import type { AccessRow } from "../../access/rows.ts";
import type { ApiGrant } from "../../api/apiGrant.ts";
import type { Knowledge } from "../knowledge/knowledge.ts";
import { byName } from "./applications.ts";
import { type StateView, stateOf } from "./state.ts";

/** One line of the list of APIs. An API is what grants of one namespace call by one name. */
export interface ApiRow {
  readonly namespace: string;
  readonly name: string;
  readonly environments: readonly string[];
  readonly hosts: readonly string[];
  readonly grants: number;
  /** The number of callers; undefined if that cannot be known with the viewer's rights. */
  readonly callers?: number;
}

/** The part of one grant about an API. */
export interface ApiPlace extends StateView {
  /** `namespace/name`. */
  readonly grant: string;
  readonly environment: string;
  readonly hosts: readonly string[];
  readonly paths: readonly { readonly type: string; readonly value: string }[];
  /** Empty: all. */
  readonly methods: readonly string[];
}

/** The page of one API. */
export interface ApiView {
  readonly namespace: string;
  readonly name: string;
  readonly places: readonly ApiPlace[];
  /** Who may call it; undefined if that cannot be known with the viewer's rights. */
  readonly access?: readonly AccessRow[];
}

/** The list of APIs, by namespace and name. */
export function apiRows(grants: Iterable<ApiGrant>, knowledge: Knowledge): readonly ApiRow[] {
  const callers = knowledge.isComplete ? callersByApi(knowledge.rows) : undefined;
  const found = new Map<string, { environments: Set<string>; hosts: Set<string>; grants: number }>();
  for (const { metadata, spec } of grants)
    for (const { name, hosts = [] } of spec.apis ?? []) {
      const key = `${metadata.namespace}/${name}`;
      const api = found.get(key) ?? { environments: new Set(), hosts: new Set(), grants: 0 };
      api.environments.add(spec.environment);
      for (const host of hosts) api.hosts.add(host);
      found.set(key, { ...api, grants: api.grants + 1 });
    }
  return [...found]
    .map(([key, { environments, hosts, grants: count }]) => {
      const [namespace = "", name = ""] = key.split("/");
      const common = { namespace, name, environments: [...environments].sort(), hosts: [...hosts].sort() };
      return { ...common, grants: count, ...(callers ? { callers: callers.get(key)?.size ?? 0 } : {}) };
    })
    .sort(byName);
}

/** The page of an API; undefined if no grant names it. */
export function apiView(
  grants: Iterable<ApiGrant>,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  knowledge: Knowledge,
): ApiView | undefined {
  const places = [...grants].flatMap((grant) => placesIn(grant, namespace, name));
  if (places.length === 0) return undefined;
  const api = `${namespace}/${name}`;
  const access = knowledge.isComplete ? knowledge.rows?.filter((row) => row.api === api) : undefined;
  return { namespace, name, places, ...(access === undefined ? {} : { access }) };
}

function placesIn(grant: ApiGrant, namespace: string, name: string): readonly ApiPlace[] {
  const { metadata, spec } = grant;
  if (metadata.namespace !== namespace) return [];
  return (spec.apis ?? [])
    .filter((api) => api.name === name)
    .map(({ hosts = [], paths = [], methods = [] }) => ({
      grant: `${namespace}/${metadata.name}`,
      environment: spec.environment,
      hosts,
      paths: paths.map(({ type, value }) => ({ type: type ?? "PathPrefix", value })),
      methods,
      ...stateOf(grant),
    }));
}

function callersByApi(rows: readonly AccessRow[] | undefined): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { api, caller } of rows ?? []) found.set(api, (found.get(api) ?? new Set()).add(caller));
  return found;
}
