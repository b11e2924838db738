import type { GrantedApi } from "../../../projection/documents.ts";
import type { GrantEntry } from "../grantEntry.ts";

/**
 * The grants of one namespace that name a path, with the apis of each that name it. Most paths are named by one: it is in the object
 * itself, since with many hosts each further object is memory that no cache of the processor holds.
 */
export class PathGrants implements Iterable<readonly [GrantEntry, readonly GrantedApi[]]> {
  /** One of them. */
  first: GrantEntry;
  /** Its apis, while it is the only one. */
  apis: readonly GrantedApi[];
  /** All of them, while there are several. */
  several: Map<GrantEntry, readonly GrantedApi[]> | undefined = undefined;

  constructor(grant: GrantEntry, api: GrantedApi) {
    this.first = grant;
    this.apis = [api];
  }

  get size(): number {
    return this.several?.size ?? 1;
  }

  /** The apis of a grant; undefined if it does not name the path. */
  get(grant: GrantEntry): readonly GrantedApi[] | undefined {
    if (this.several) return this.several.get(grant);
    return grant === this.first ? this.apis : undefined;
  }

  keys(): Iterable<GrantEntry> {
    return this.several?.keys() ?? [this.first];
  }

  [Symbol.iterator](): Iterator<readonly [GrantEntry, readonly GrantedApi[]]> {
    return (this.several ?? [[this.first, this.apis] as const])[Symbol.iterator]();
  }

  add(grant: GrantEntry, api: GrantedApi): void {
    const apis = [...(this.get(grant) ?? []), api];
    if (!this.several && grant === this.first) {
      this.apis = apis;
      return;
    }
    this.several ??= new Map([[this.first, this.apis]]);
    this.several.set(grant, apis);
  }

  /** Returns whether any grant is left. */
  remove(grant: GrantEntry): boolean {
    if (!this.several) return grant !== this.first;
    this.several.delete(grant);
    for (const [first, apis] of this.several) {
      this.first = first;
      this.apis = apis;
      break;
    }
    if (this.several.size === 1) this.several = undefined;
    return true;
  }
}

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
  #all = NONE;
  /** The same by namespace, while there are several. */
  #byNamespace: Map<string, PathGrants> | undefined;

  /** Returns the grants of the same namespace. */
  add(grant: GrantEntry, api: GrantedApi): PathGrants {
    const known = this.#of(grant);
    if (known) {
      known.add(grant, api);
      return known;
    }
    const grants = new PathGrants(grant, api);
    if (this.#all.length > 0) {
      this.#byNamespace ??= new Map(this.#all.map((one) => [one.first.namespace, one]));
      this.#byNamespace.set(grant.namespace, grants);
    }
    this.#all = [...this.#all, grants];
    return grants;
  }

  remove(grant: GrantEntry): void {
    const known = this.#of(grant);
    if (!known || known.remove(grant)) return;
    this.#all = this.#all.filter((one) => one !== known);
    this.#byNamespace?.delete(grant.namespace);
  }

  get isEmpty(): boolean {
    return this.#all.length === 0;
  }

  /** The grants of those namespaces that own the host. */
  ownedBy(owns: Owns): readonly PathGrants[] {
    const all = this.#all;
    const only = all.length === 1 ? all[0] : undefined;
    if (only) return owns(only.first) ? all : NONE;
    return all.filter(({ first }) => owns(first));
  }

  /** The grants of the same namespace. */
  #of({ namespace }: GrantEntry): PathGrants | undefined {
    if (this.#byNamespace) return this.#byNamespace.get(namespace);
    return this.#all.find(({ first }) => first.namespace === namespace);
  }
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
