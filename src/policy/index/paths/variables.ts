import type { GrantEntry } from "../grantEntry.ts";
import { moreSpecific, type Owns, type PathMatch, type PathOwners } from "./owners.ts";
import { PatternTable, tokens } from "./patterns.ts";
import type { StepCounter } from "./steps.ts";

interface Namespace {
  readonly patterns: PatternTable;
  /** All owners in the table; each is of this namespace, and has a grant. */
  readonly owners: Set<PathOwners>;
}

/**
 * The paths of type TencentPath with variables, by namespace: those of a namespace that does not own the host cost no more
 * than a look at one of its grants.
 */
export class VariableTable {
  readonly #namespaces = new Map<string, Namespace>();

  /** The owners of a path in the grant's namespace, which may have none yet. */
  owners(literals: readonly string[], { namespace }: GrantEntry): PathOwners {
    const one = this.#namespaces.get(namespace) ?? { patterns: new PatternTable(), owners: new Set() };
    this.#namespaces.set(namespace, one);
    const owners = one.patterns.owners(literals);
    one.owners.add(owners);
    return owners;
  }

  /** Forgets a path that has no owner in the grant's namespace any more. */
  delete(literals: readonly string[], { namespace }: GrantEntry): void {
    const one = this.#namespaces.get(namespace);
    if (!one) return;
    one.owners.delete(one.patterns.owners(literals));
    one.patterns.delete(literals);
    if (one.patterns.isEmpty) this.#namespaces.delete(namespace);
  }

  /** The most specific path that matches; what was found so far if the steps are spent. */
  match(canonical: string, owns: Owns, steps: StepCounter): PathMatch | undefined {
    if (this.#namespaces.size === 0) return undefined;
    const path = tokens(canonical);
    let best: PathMatch | undefined;
    for (const { patterns, owners } of this.#namespaces.values())
      if (isOwned(owners, owns)) best = moreSpecific(best, patterns.match(path, owns, steps));
    return best;
  }
}

function isOwned(all: ReadonlySet<PathOwners>, owns: Owns): boolean {
  for (const owners of all) return owners.ownedBy(owns).length > 0;
  return false;
}
