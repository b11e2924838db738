import { canonicalPath, MAX_PATH_LENGTH } from "../api/path.ts";
import type { GrantedApi, GrantedPath } from "../projection/documents.ts";
import type { GrantEntry } from "./grantEntry.ts";

/** The grants that claim one path of one host pattern and environment, by namespace, with the apis that name it. */
export class PathClaims {
  readonly #byNamespace = new Map<string, Map<GrantEntry, readonly GrantedApi[]>>();

  add(grant: GrantEntry, api: GrantedApi): void {
    const namespace = grant.document.namespace;
    const grants = this.#byNamespace.get(namespace) ?? new Map<GrantEntry, readonly GrantedApi[]>();
    this.#byNamespace.set(namespace, grants.set(grant, [...(grants.get(grant) ?? []), api]));
  }

  remove(grant: GrantEntry): void {
    const namespace = grant.document.namespace;
    const grants = this.#byNamespace.get(namespace);
    grants?.delete(grant);
    if (grants?.size === 0) this.#byNamespace.delete(namespace);
  }

  get isEmpty(): boolean {
    return this.#byNamespace.size === 0;
  }

  /** The claims of those namespaces that own the host; all grants of a namespace have its labels. */
  ownedBy(owns: Owns): readonly ReadonlyMap<GrantEntry, readonly GrantedApi[]>[] {
    return [...this.#byNamespace.values()].filter((grants) => {
      const [first] = grants.keys();
      return first !== undefined && owns(first);
    });
  }
}

/** Whether a grant's namespace owns the host of the request. */
export type Owns = (grant: GrantEntry) => boolean;

/** What a path found: equal ranks are equally specific, and a smaller rank (as text) is more specific. */
export interface PathMatch {
  readonly rank: string;
  readonly claims: readonly ReadonlyMap<GrantEntry, readonly GrantedApi[]>[];
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
  claims: PathClaims | undefined;
}

const templateNode = (): TemplateNode => ({ literal: new Map(), variable: undefined, claims: undefined });

/**
 * All paths that grants claim at one host pattern in one environment, by their canonical spelling, so that no spelling of a
 * path passes by the grant that names it. Look-ups cost the length of the path, not the number of grants.
 */
export class PathTable {
  readonly #exact = new Map<string, PathClaims>();
  readonly #prefixes = new Map<string, PathClaims>();
  readonly #templates = templateNode();

  add(path: GrantedPath, grant: GrantEntry, api: GrantedApi): void {
    this.#claims(path).add(grant, api);
  }

  remove(path: GrantedPath, grant: GrantEntry): void {
    const claims = this.#claims(path);
    claims.remove(grant);
    if (!claims.isEmpty) return;
    if (path.type === "Exact") this.#exact.delete(canonicalPath(path.value));
    if (path.type === "PathPrefix") this.#prefixes.delete(prefixKey(path.value));
  }

  /** The most specific path of an owner: Exact, then Template with literals from the left, then the longest PathPrefix. */
  match(received: string, owns: Owns): PathMatch | undefined {
    const path = canonicalPath(received);
    return (
      matched("0", this.#exact.get(path), owns) ??
      matchTemplate(this.#templates, path.split("/").slice(1), 0, "1", owns) ??
      this.#matchPrefix(path, owns)
    );
  }

  #matchPrefix(path: string, owns: Owns): PathMatch | undefined {
    let end = path.length > MAX_GRANT_PATH ? path.lastIndexOf("/", MAX_GRANT_PATH) : path.length;
    for (; end >= 0; end = end === 0 ? -1 : path.lastIndexOf("/", end - 1)) {
      const rank = `2${String(MAX_GRANT_PATH - end).padStart(4, "0")}`;
      const found = matched(rank, this.#prefixes.get(path.slice(0, end)), owns);
      if (found) return found;
    }
    return undefined;
  }

  #claims({ type, value }: GrantedPath): PathClaims {
    if (type === "Template") return this.#templateClaims(value.split("/").slice(1));
    const [table, key] =
      type === "Exact" ? [this.#exact, canonicalPath(value)] : [this.#prefixes, prefixKey(value)];
    const claims = table.get(key) ?? new PathClaims();
    table.set(key, claims);
    return claims;
  }

  #templateClaims(segments: readonly string[]): PathClaims {
    let node = this.#templates;
    for (const segment of segments) {
      const isVariable = segment.startsWith("{");
      const literal = canonicalPath(segment);
      const next: TemplateNode = (isVariable ? node.variable : node.literal.get(literal)) ?? templateNode();
      if (isVariable) node.variable = next;
      else node.literal.set(literal, next);
      node = next;
    }
    node.claims ??= new PathClaims();
    return node.claims;
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
  if (segment === undefined) return matched(rank, node.claims, owns);
  const literal = node.literal.get(segment);
  const found = literal && matchTemplate(literal, segments, at + 1, `${rank}a`, owns);
  if (found || segment === "" || !node.variable) return found;
  return matchTemplate(node.variable, segments, at + 1, `${rank}b`, owns);
}

function matched(rank: string, claims: PathClaims | undefined, owns: Owns): PathMatch | undefined {
  const owned = claims?.ownedBy(owns) ?? [];
  return owned.length > 0 ? { rank, claims: owned } : undefined;
}

/** `/orders` and `/orders/` are one prefix, as in Gateway API; `/` is the empty one. */
function prefixKey(value: string): string {
  return canonicalPath(value.endsWith("/") ? value.slice(0, -1) : value);
}
