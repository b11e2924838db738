import { oneCopy } from "../../base/oneCopy.ts";
import type { ApiGrantProjection, ApplicationProjection, GrantedApi } from "../../projection/documents.ts";
import { patternsOf } from "../host.ts";
import { GrantEntry } from "./grantEntry.ts";
import { moreSpecific, type Owns, type PathGrants, type PathMatch } from "./paths/owners.ts";
import { PathTable } from "./paths/pathTable.ts";
import { Steps } from "./paths/steps.ts";

/** The grants that name the path that wins for a request: the most specific one, by namespace. */
export type MatchedGrants = PathMatch["owners"];

/** Whose grants are looked for. */
export interface CallerOfGrants {
  readonly application: ApplicationProjection;
  /** The number of the grant that was last found to be meant for it, 0 before the first; undefined: it is not remembered. */
  meantFor?: number;
}

/** The paths at one host pattern, by environment. Most hosts have one, which is found without a look-up; see PathGrants. */
class HostPaths {
  readonly #first: string;
  readonly #paths = new PathTable();
  #others: Map<string, PathTable> | undefined;

  constructor(environment: string) {
    this.#first = environment;
  }

  get(environment: string): PathTable | undefined {
    return environment === this.#first ? this.#paths : this.#others?.get(environment);
  }

  /** The paths of an environment, which may have none yet. */
  open(environment: string): PathTable {
    const known = this.get(environment);
    if (known) return known;
    const table = new PathTable();
    this.#others ??= new Map();
    this.#others.set(environment, table);
    return table;
  }
}

/** Below this many grants at one path all of them are looked at; above it, those of the caller. */
const FEW = 16;

/** All grants, by host pattern, environment and path, and by the callers that they name. */
export class GrantTable {
  /** By host pattern. */
  readonly #paths = new Map<string, HostPaths>();
  // Of grants at a path that many of one namespace name: there are as many callers as Applications, and most are never looked for here.
  readonly #byCaller = new Map<string, Set<GrantEntry>>();
  readonly #withSelectors = new Map<string, Set<GrantEntry>>();
  /** The grants that are in these two. */
  readonly #crowded = new Set<GrantEntry>();
  readonly #entries = new Map<string, GrantEntry>();
  /** Whether any host pattern was a wildcard: without one, a look-up makes no text for the patterns of a host. */
  #hasWildcards = false;

  add(name: string, document: ApiGrantProjection): void {
    const entry = new GrantEntry(document);
    this.#entries.set(name, entry);
    for (const { api, host, path } of pathsOf(document)) {
      const paths = this.#paths.get(host) ?? new HostPaths(document.environment);
      this.#crowd(paths.open(document.environment).add(path, entry, api), entry);
      this.#paths.set(host, paths);
      this.#hasWildcards ||= host.startsWith("*");
    }
  }

  remove(name: string): void {
    const entry = this.#entries.get(name);
    if (!entry) return;
    this.#entries.delete(name);
    const { environment } = entry.document;
    for (const { host, path } of pathsOf(entry.document))
      this.#paths.get(host)?.get(environment)?.remove(path, entry);
    if (!this.#crowded.delete(entry)) return;
    for (const caller of callersOf(entry)) removeFrom(this.#byCaller, caller, entry);
    removeFrom(this.#withSelectors, entry.namespace, entry);
  }

  get size(): number {
    return this.#entries.size;
  }

  /**
   * The most specific path that any owner names at the host, exact and wildcard hosts taken together; several of one rank are
   * a union. Undefined also when the steps are spent, since a more specific path may be left.
   */
  match(
    host: string,
    environment: string,
    path: string,
    owns: Owns,
    steps = new Steps(),
  ): MatchedGrants | undefined {
    let best: PathMatch | undefined;
    for (const pattern of this.#hasWildcards ? patternsOf(host) : [host]) {
      best = moreSpecific(best, this.#paths.get(pattern)?.get(environment)?.match(path, owns, steps));
    }
    return steps.areSpent ? undefined : best?.owners;
  }

  /** Calls `visit` with each grant of the matched path that is meant for the caller. How many others name the path does not matter. */
  forEachMeantFor(
    caller: CallerOfGrants,
    matched: MatchedGrants,
    visit: (grant: GrantEntry, apis: readonly GrantedApi[]) => void,
  ): void {
    for (const named of matched)
      for (const grant of this.candidates(caller, named)) {
        const apis = named.get(grant);
        if (apis && isMeantFor(grant, caller)) visit(grant, apis);
      }
  }

  /** The grants of a path, without some of those that are not meant for the caller, where there are many; others may be among them. */
  candidates({ application }: CallerOfGrants, named: PathGrants): Iterable<GrantEntry> {
    return named.size <= FEW ? named.keys() : this.#grantsNaming(application);
  }

  /** A grant has been added to a path: from the first one that is too many on, the path's grants are found by their callers. */
  #crowd(named: PathGrants, added: GrantEntry): void {
    if (named.size > FEW)
      for (const entry of named.size === FEW + 1 ? named.keys() : [added]) this.#note(entry);
  }

  #note(entry: GrantEntry): void {
    if (this.#crowded.has(entry)) return;
    this.#crowded.add(entry);
    for (const caller of callersOf(entry)) addTo(this.#byCaller, caller, entry);
    if (entry.hasSelectors) addTo(this.#withSelectors, entry.namespace, entry);
  }

  #grantsNaming(application: ApplicationProjection): ReadonlySet<GrantEntry> {
    const byId = this.#byCaller.get(application.applicationId) ?? [];
    const byName = this.#byCaller.get(`${application.namespace}/${application.name}`) ?? [];
    return new Set([...byId, ...byName, ...(this.#withSelectors.get(application.namespace) ?? [])]);
  }
}

/**
 * Whether the grant is meant for the caller. Neither of the two documents ever changes, so what was found stays true; it spares several
 * look-ups for each request.
 */
export function isMeantFor(grant: GrantEntry, caller: CallerOfGrants): boolean {
  if (caller.meantFor === grant.number) return true;
  const isMeant = grant.isMeantFor(caller.application);
  if (isMeant && caller.meantFor !== undefined) caller.meantFor = grant.number;
  return isMeant;
}

function* pathsOf(document: ApiGrantProjection) {
  for (const api of document.apis)
    for (const host of new Set(api.hosts)) for (const path of api.paths) yield { api, host, path };
}

function callersOf(entry: GrantEntry): readonly string[] {
  return [...entry.ids.keys(), ...[...entry.names].map((name) => `${entry.namespace}/${name}`)];
}

function addTo(sets: Map<string, Set<GrantEntry>>, key: string, entry: GrantEntry): void {
  sets.set(oneCopy(key), (sets.get(key) ?? new Set()).add(entry));
}

function removeFrom(sets: Map<string, Set<GrantEntry>>, key: string, entry: GrantEntry): void {
  const set = sets.get(key);
  set?.delete(entry);
  if (set?.size === 0) sets.delete(key);
}
