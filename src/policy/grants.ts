import type { ApiGrantProjection, ApplicationProjection, GrantedApi } from "../projection/documents.ts";
import { GrantEntry } from "./grantEntry.ts";
import { patternsOf } from "./host.ts";
import { type Owns, type PathMatch, PathTable } from "./paths.ts";

/** The API that a request names, and everybody who claims it. */
export interface ApiClaims {
  /** Every claim of the winning path, a map a namespace. */
  readonly claims: PathMatch["claims"];
}

/** Below this many grants at one path all of them are looked at; above it, those of the caller. */
const FEW = 16;

/** All grants, by host pattern, environment and path, and by the callers that they name. */
export class GrantTable {
  readonly #paths = new Map<string, PathTable>();
  readonly #byCaller = new Map<string, Set<GrantEntry>>();
  readonly #withSelectors = new Map<string, Set<GrantEntry>>();
  readonly #entries = new Map<string, GrantEntry>();

  add(name: string, document: ApiGrantProjection): void {
    const entry = new GrantEntry(document);
    this.#entries.set(name, entry);
    for (const { api, key, path } of claimsOf(document)) {
      const table = this.#paths.get(key) ?? new PathTable();
      table.add(path, entry, api);
      this.#paths.set(key, table);
    }
    for (const caller of callersOf(entry)) addTo(this.#byCaller, caller, entry);
    if (entry.hasSelectors) addTo(this.#withSelectors, document.namespace, entry);
  }

  remove(name: string): void {
    const entry = this.#entries.get(name);
    if (!entry) return;
    this.#entries.delete(name);
    for (const { key, path } of claimsOf(entry.document)) this.#paths.get(key)?.remove(path, entry);
    for (const caller of callersOf(entry)) removeFrom(this.#byCaller, caller, entry);
    removeFrom(this.#withSelectors, entry.document.namespace, entry);
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The most specific path that any owner claims at the host, exact and wildcard hosts taken together; several of one rank are a union. */
  match(host: string, environment: string, path: string, owns: Owns): ApiClaims | undefined {
    const found = [...patternsOf(host)].flatMap((pattern) => {
      const one = this.#paths.get(tableKey(pattern, environment))?.match(path, owns);
      return one ? [one] : [];
    });
    const best = found.map(({ rank }) => rank).sort()[0];
    if (best === undefined) return undefined;
    return { claims: found.filter(({ rank }) => rank === best).flatMap(({ claims }) => claims) };
  }

  /** The claims that are meant for the caller. Their number does not depend on how many others are granted the same path. */
  meantFor(
    application: ApplicationProjection,
    { claims }: ApiClaims,
  ): readonly (readonly [GrantEntry, readonly GrantedApi[]])[] {
    return claims.flatMap((grants) => {
      const candidates = grants.size <= FEW ? grants.keys() : this.#grantsNaming(application);
      return [...candidates].flatMap((grant) => {
        const apis = grants.get(grant);
        return apis && grant.isMeantFor(application) ? [[grant, apis] as const] : [];
      });
    });
  }

  #grantsNaming(application: ApplicationProjection): ReadonlySet<GrantEntry> {
    const byId = this.#byCaller.get(application.applicationId) ?? [];
    const byName = this.#byCaller.get(`${application.namespace}/${application.name}`) ?? [];
    return new Set([...byId, ...byName, ...(this.#withSelectors.get(application.namespace) ?? [])]);
  }
}

function* claimsOf(document: ApiGrantProjection) {
  for (const api of document.apis) {
    for (const host of new Set(api.hosts)) {
      for (const path of api.paths) yield { api, path, key: tableKey(host, document.environment) };
    }
  }
}

function callersOf(entry: GrantEntry): readonly string[] {
  return [...entry.ids.keys(), ...[...entry.names].map((name) => `${entry.document.namespace}/${name}`)];
}

function tableKey(pattern: string, environment: string): string {
  return `${environment} ${pattern}`;
}

function addTo(sets: Map<string, Set<GrantEntry>>, key: string, entry: GrantEntry): void {
  sets.set(key, (sets.get(key) ?? new Set()).add(entry));
}

function removeFrom(sets: Map<string, Set<GrantEntry>>, key: string, entry: GrantEntry): void {
  const set = sets.get(key);
  set?.delete(entry);
  if (set?.size === 0) sets.delete(key);
}
