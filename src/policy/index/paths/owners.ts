import type { GrantedApi } from "../../../projection/documents.ts";
import type { GrantEntry } from "../grantEntry.ts";

/** The grants of one namespace that name a path, with the apis of each that name it. */
export type PathGrants = ReadonlyMap<GrantEntry, readonly GrantedApi[]>;

/** Whether a grant's namespace owns the host of the request. */
export type Owns = (grant: GrantEntry) => boolean;

/** What a path found: equal ranks are equally specific, and a smaller rank (as text) is more specific. */
export interface PathMatch {
  readonly rank: string;
  readonly owners: readonly PathGrants[];
}

const NONE: readonly PathGrants[] = [];

/** The grants that name one path of one host pattern and environment, by namespace: all grants of a namespace have its labels. */
export class PathOwners {
  readonly #byNamespace = new Map<string, Map<GrantEntry, readonly GrantedApi[]>>();
  /** The values of the map. */
  #all: readonly PathGrants[] = [];

  add(grant: GrantEntry, api: GrantedApi): void {
    const namespace = grant.namespace;
    const grants = this.#byNamespace.get(namespace) ?? new Map<GrantEntry, readonly GrantedApi[]>();
    this.#byNamespace.set(namespace, grants.set(grant, [...(grants.get(grant) ?? []), api]));
    this.#all = [...this.#byNamespace.values()];
  }

  remove(grant: GrantEntry): void {
    const namespace = grant.namespace;
    const grants = this.#byNamespace.get(namespace);
    grants?.delete(grant);
    if (grants?.size === 0) this.#byNamespace.delete(namespace);
    this.#all = [...this.#byNamespace.values()];
  }

  get isEmpty(): boolean {
    return this.#byNamespace.size === 0;
  }

  /** The grants of those namespaces that own the host. */
  ownedBy(owns: Owns): readonly PathGrants[] {
    const [first, second] = this.#all;
    if (first !== undefined && second === undefined) return isOwned(first, owns) ? this.#all : NONE;
    return this.#all.filter((grants) => isOwned(grants, owns));
  }
}

function isOwned(grants: PathGrants, owns: Owns): boolean {
  for (const grant of grants.keys()) return owns(grant);
  return false;
}

/** The match of a path at its owners; undefined if no owner of the host names the path. */
export function matched(rank: string, all: PathOwners | undefined, owns: Owns): PathMatch | undefined {
  const owners = all?.ownedBy(owns) ?? NONE;
  return owners.length > 0 ? { rank, owners } : undefined;
}

/** The more specific of two matches; both together if they are equal. */
export function moreSpecific(a: PathMatch | undefined, b: PathMatch | undefined): PathMatch | undefined {
  if (!a || !b) return a ?? b;
  if (a.rank === b.rank) return { rank: a.rank, owners: [...a.owners, ...b.owners] };
  return a.rank < b.rank ? a : b;
}
