import { canonicalPath, isSegmentEnd } from "../../../api/path.ts";
import { parseTencentPath, type TencentPath } from "../../../api/tencentPath.ts";
import type { GrantedApi, GrantedPath } from "../../../projection/documents.ts";
import type { GrantEntry } from "../grantEntry.ts";
import { ByLength } from "./byLength.ts";
import { matched, moreSpecific, type Owns, type PathGrants, type PathMatch, PathOwners } from "./owners.ts";
import { EXACT_RANK, markedRank, plainRank, segmentPrefixRank } from "./ranks.ts";
import { Steps } from "./steps.ts";
import { TemplateTree } from "./templates.ts";
import { VariableTable } from "./variables.ts";

/**
 * All paths that grants claim at one host pattern in one environment, by their canonical spelling, so that no spelling of a
 * path passes by the grant that names it. Look-ups cost the length of the path, not the number of grants; only paths with
 * two or more variables that begin and end alike are tried one by one.
 */
export class PathTable {
  // Most hosts have paths of one or two kinds: for the others there is nothing to make, or to look at.
  #exact: Map<string, PathOwners> | undefined;
  #marked: ByLength<PathOwners> | undefined;
  #templates: TemplateTree | undefined;
  #variables: VariableTable | undefined;
  #segmentPrefixes: ByLength<PathOwners> | undefined;
  #plain: ByLength<PathOwners> | undefined;

  /** Returns the grants of the same namespace that name the path now. */
  add(path: GrantedPath, grant: GrantEntry, api: GrantedApi): PathGrants {
    return this.#owners(path, grant).add(grant, api);
  }

  remove(path: GrantedPath, grant: GrantEntry): void {
    const owners = this.#owners(path, grant);
    owners.remove(grant);
    if (!owners.isEmpty) return;
    if (path.type === "Exact") this.#exact?.delete(canonicalPath(path.value));
    if (path.type === "PathPrefix") this.#segmentPrefixes?.delete(prefixKey(path.value));
    if (path.type === "TencentPath") this.#forget(parseTencentPath(path.value), grant);
  }

  /**
   * The most specific path of an owner, in the order of docs/concepts.md: Exact and `=`, then `^~`, then Template, then
   * variables of a TencentPath, then the longest prefix. If the steps are spent afterwards, it may be another one.
   */
  match(received: string, owns: Owns, steps = new Steps()): PathMatch | undefined {
    const path = canonicalPath(received);
    return (
      (this.#exact && matched(EXACT_RANK, this.#exact.get(path), owns)) ??
      (this.#marked && longest(this.#marked, markedRank, { path, owns, steps })) ??
      this.#templates?.match(path, owns) ??
      this.#variables?.match(path, owns, steps.searches) ??
      this.#matchPrefix(path, owns, steps)
    );
  }

  #matchPrefix(path: string, owns: Owns, steps: Steps): PathMatch | undefined {
    const plain = this.#plain && longest(this.#plain, plainRank, { path, owns, steps });
    return moreSpecific(plain, this.#matchSegments(path, owns));
  }

  #matchSegments(path: string, owns: Owns): PathMatch | undefined {
    const prefixes = this.#segmentPrefixes;
    if (!prefixes) return undefined;
    for (const length of prefixes.lengths) {
      if (!isSegmentEnd(path, length)) continue;
      const owners = prefixes.getStart(path, length);
      const found = owners && matched(segmentPrefixRank(length), owners, owns);
      if (found) return found;
    }
    return undefined;
  }

  #owners({ type, value }: GrantedPath, grant: GrantEntry): PathOwners {
    switch (type) {
      case "Exact":
        this.#exact ??= new Map();
        return ownersIn(this.#exact, canonicalPath(value));
      case "PathPrefix":
        this.#segmentPrefixes ??= new ByLength();
        return ownersOf(this.#segmentPrefixes, prefixKey(value));
      case "Template":
        this.#templates ??= new TemplateTree();
        return this.#templates.owners(value);
      case "TencentPath":
        return this.#tencentOwners(parseTencentPath(value), grant);
    }
  }

  #tencentOwners(path: TencentPath, grant: GrantEntry): PathOwners {
    if (path.kind === "variables") {
      this.#variables ??= new VariableTable();
      return this.#variables.owners(path.literals, grant);
    }
    if (path.kind === "exact") {
      this.#exact ??= new Map();
      return ownersIn(this.#exact, path.text);
    }
    if (path.kind === "marked") {
      this.#marked ??= new ByLength();
      return ownersOf(this.#marked, path.text);
    }
    this.#plain ??= new ByLength();
    return ownersOf(this.#plain, path.text);
  }

  #forget(path: TencentPath, grant: GrantEntry): void {
    if (path.kind === "variables") this.#variables?.delete(path.literals, grant);
    else if (path.kind === "exact") this.#exact?.delete(path.text);
    else (path.kind === "marked" ? this.#marked : this.#plain)?.delete(path.text);
  }
}

interface Asked {
  readonly path: string;
  readonly owns: Owns;
  readonly steps: Steps;
}

/** The longest prefix by characters that an owner of the host names. */
function longest(
  prefixes: ByLength<PathOwners>,
  rankOf: (length: number) => string,
  { path, owns, steps }: Asked,
): PathMatch | undefined {
  if (prefixes.size === 0) return undefined;
  return prefixes.firstOfStarts(path, steps.lookups, (owners, length) =>
    matched(rankOf(length), owners, owns),
  );
}

function ownersIn(table: Map<string, PathOwners>, key: string): PathOwners {
  const owners = table.get(key) ?? new PathOwners();
  table.set(key, owners);
  return owners;
}

function ownersOf(table: ByLength<PathOwners>, key: string): PathOwners {
  return table.get(key) ?? table.add(key, new PathOwners());
}

/** `/orders` and `/orders/` are one prefix, as in Gateway API; `/` is the empty one. */
function prefixKey(value: string): string {
  return canonicalPath(value.endsWith("/") ? value.slice(0, -1) : value);
}
