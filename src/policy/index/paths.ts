import { canonicalPath, MAX_PATH_LENGTH } from "../../api/path.ts";
import type { GrantedApi, GrantedPath } from "../../projection/documents.ts";
import type { GrantEntry } from "./grantEntry.ts";

/** The grants of one namespace that name a path, with the apis of each that name it. */
export type PathGrants = ReadonlyMap<GrantEntry, readonly GrantedApi[]>;

/** The grants that name one path of one host pattern and environment, by namespace: all grants of a namespace have its labels. */
export class PathOwners {
  readonly #byNamespace = new Map<string, Map<GrantEntry, readonly GrantedApi[]>>();
  /** The values of the map. */
  #all: readonly PathGrants[] = [];

  add(grant: GrantEntry, api: GrantedApi): void {
    const namespace = grant.document.namespace;
    const grants = this.#byNamespace.get(namespace) ?? new Map<GrantEntry, readonly GrantedApi[]>();
    this.#byNamespace.set(namespace, grants.set(grant, [...(grants.get(grant) ?? []), api]));
    this.#all = [...this.#byNamespace.values()];
  }

  remove(grant: GrantEntry): void {
    const namespace = grant.document.namespace;
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

const NONE: readonly PathGrants[] = [];

function isOwned(grants: PathGrants, owns: Owns): boolean {
  for (const grant of grants.keys()) return owns(grant);
  return false;
}

/** Whether a grant's namespace owns the host of the request. */
export type Owns = (grant: GrantEntry) => boolean;

/** What a path found: equal ranks are equally specific, and a smaller rank (as text) is more specific. */
export interface PathMatch {
  readonly rank: string;
  readonly owners: readonly PathGrants[];
}

/**
 * A path of a grant is at most this long, so no longer prefix of a request needs to be looked up. An older schema let in
 * characters that the canonical spelling writes as three.
 */
const MAX_GRANT_PATH = 3 * MAX_PATH_LENGTH;

/** One segment of templates: what may follow, and who claims the path that ends here. */
interface TemplateNode {
  readonly literal: Map<string, TemplateNode>;
  variable: TemplateNode | undefined;
  owners: PathOwners | undefined;
}

const templateNode = (): TemplateNode => ({ literal: new Map(), variable: undefined, owners: undefined });

/**
 * All paths that grants claim at one host pattern in one environment, by their canonical spelling, so that no spelling of a
 * path passes by the grant that names it. Look-ups cost the length of the path, not the number of grants.
 */
export class PathTable {
  readonly #exact = new Map<string, PathOwners>();
  readonly #prefixes = new Map<string, PathOwners>();
  readonly #templates = templateNode();

  add(path: GrantedPath, grant: GrantEntry, api: GrantedApi): void {
    this.#owners(path).add(grant, api);
  }

  remove(path: GrantedPath, grant: GrantEntry): void {
    const owners = this.#owners(path);
    owners.remove(grant);
    if (!owners.isEmpty) return;
    if (path.type === "Exact") this.#exact.delete(canonicalPath(path.value));
    if (path.type === "PathPrefix") this.#prefixes.delete(prefixKey(path.value));
  }

  /** The most specific path of an owner: Exact, then Template with literals from the left, then the longest PathPrefix. */
  match(received: string, owns: Owns): PathMatch | undefined {
    const path = canonicalPath(received);
    const exact = this.#exact.size === 0 ? undefined : matched("0", this.#exact.get(path), owns);
    return exact ?? this.#matchTemplates(path, owns) ?? this.#matchPrefix(path, owns);
  }

  #matchTemplates(path: string, owns: Owns): PathMatch | undefined {
    if (this.#templates.literal.size === 0 && !this.#templates.variable) return undefined;
    return matchTemplate(this.#templates, path.split("/").slice(1), 0, "1", owns);
  }

  #matchPrefix(path: string, owns: Owns): PathMatch | undefined {
    let end = path.length > MAX_GRANT_PATH ? path.lastIndexOf("/", MAX_GRANT_PATH) : path.length;
    for (; end >= 0; end = end === 0 ? -1 : path.lastIndexOf("/", end - 1)) {
      const owners = this.#prefixes.get(end === path.length ? path : path.slice(0, end));
      const found = owners && matched(prefixRank(end), owners, owns);
      if (found) return found;
    }
    return undefined;
  }

  #owners({ type, value }: GrantedPath): PathOwners {
    if (type === "Template") return this.#templateOwners(value.split("/").slice(1));
    const [table, key] =
      type === "Exact" ? [this.#exact, canonicalPath(value)] : [this.#prefixes, prefixKey(value)];
    const owners = table.get(key) ?? new PathOwners();
    table.set(key, owners);
    return owners;
  }

  #templateOwners(segments: readonly string[]): PathOwners {
    let node = this.#templates;
    for (const segment of segments) {
      const isVariable = segment.startsWith("{");
      const literal = canonicalPath(segment);
      const next: TemplateNode = (isVariable ? node.variable : node.literal.get(literal)) ?? templateNode();
      if (isVariable) node.variable = next;
      else node.literal.set(literal, next);
      node = next;
    }
    node.owners ??= new PathOwners();
    return node.owners;
  }
}

/** Depth first, the literal before the variable; each node is looked at most once for a path. */
function matchTemplate(
  node: TemplateNode,
  segments: readonly string[],
  at: number,
  rank: string,
  owns: Owns,
): PathMatch | undefined {
  const segment = segments[at];
  if (segment === undefined) return matched(rank, node.owners, owns);
  const literal = node.literal.get(segment);
  const found = literal && matchTemplate(literal, segments, at + 1, `${rank}a`, owns);
  if (found || segment === "" || !node.variable) return found;
  return matchTemplate(node.variable, segments, at + 1, `${rank}b`, owns);
}

function matched(rank: string, all: PathOwners | undefined, owns: Owns): PathMatch | undefined {
  const owners = all?.ownedBy(owns) ?? NONE;
  return owners.length > 0 ? { rank, owners } : undefined;
}

/** By the length of the prefix: a longer one is more specific. */
const prefixRanks: string[] = [];

function prefixRank(length: number): string {
  prefixRanks[length] ??= `2${String(MAX_GRANT_PATH - length).padStart(4, "0")}`;
  return prefixRanks[length];
}

/** `/orders` and `/orders/` are one prefix, as in Gateway API; `/` is the empty one. */
function prefixKey(value: string): string {
  return canonicalPath(value.endsWith("/") ? value.slice(0, -1) : value);
}
