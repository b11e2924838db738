import { canonicalPath } from "../../../api/path.ts";
import { matched, type Owns, type PathMatch, PathOwners } from "./owners.ts";
import { TEMPLATE_RANK } from "./ranks.ts";

/** One segment of templates: what may follow, and who claims the path that ends here. */
interface TemplateNode {
  readonly literal: Map<string, TemplateNode>;
  variable: TemplateNode | undefined;
  owners: PathOwners | undefined;
}

const templateNode = (): TemplateNode => ({ literal: new Map(), variable: undefined, owners: undefined });

/** The paths of type Template, as a tree of segments. */
export class TemplateTree {
  readonly #root = templateNode();

  /** The owners of a template, which may have none yet. */
  owners(value: string): PathOwners {
    let node = this.#root;
    for (const segment of value.split("/").slice(1)) {
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

  match(path: string, owns: Owns): PathMatch | undefined {
    if (this.#root.literal.size === 0 && !this.#root.variable) return undefined;
    return matchTemplate(this.#root, path.split("/").slice(1), 0, TEMPLATE_RANK, owns);
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
