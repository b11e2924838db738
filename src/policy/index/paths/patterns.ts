import { ByLength } from "./byLength.ts";
import { matched, type Owns, type PathMatch, PathOwners } from "./owners.ts";
import { variablesRank } from "./ranks.ts";
import type { StepCounter } from "./steps.ts";

/** A TencentPath with variables. Texts are made of tokens: an escape is one character, so no search finds half of one. */
interface Pattern {
  readonly rank: string;
  /** The literals between the variables. */
  readonly middle: readonly string[];
  readonly owners: PathOwners;
}

/** Patterns that begin and end alike, the most specific first. */
type Patterns = Pattern[];

/**
 * The paths with variables of one namespace: by the text before the first variable, then by the text behind the last one.
 * A pattern with one variable is decided by these two, and one with more by one search through the path for its middle.
 */
export class PatternTable {
  readonly #byStart = new ByLength<ByLength<Patterns>>();

  get isEmpty(): boolean {
    return this.#byStart.size === 0;
  }

  /** The owners of a path, which may have none yet. */
  owners(literals: readonly string[]): PathOwners {
    const { start, end, middle } = partsOf(literals);
    const byEnd = this.#byStart.get(start) ?? this.#byStart.add(start, new ByLength());
    const patterns = byEnd.get(end) ?? byEnd.add(end, []);
    const rank = variablesRank(literals);
    const at = placeOf(rank, patterns);
    const known = patterns[at];
    if (known?.rank === rank) return known.owners;
    const owners = new PathOwners();
    patterns.splice(at, 0, { rank, middle, owners });
    return owners;
  }

  /** Forgets a path without owners. */
  delete(literals: readonly string[]): void {
    const { start, end } = partsOf(literals);
    const byEnd = this.#byStart.get(start);
    const patterns = byEnd?.get(end);
    if (!byEnd || !patterns) return;
    const rank = variablesRank(literals);
    const at = placeOf(rank, patterns);
    if (patterns[at]?.rank === rank) patterns.splice(at, 1);
    if (patterns.length === 0) byEnd.delete(end);
    if (byEnd.size === 0) this.#byStart.delete(start);
  }

  /** The most specific path that matches a request's path, made of tokens; what was found so far if the steps are spent. */
  match(path: string, owns: Owns, steps: StepCounter): PathMatch | undefined {
    let best: PathMatch | undefined;
    this.#byStart.firstOfStarts(path, steps, (byEnd, start) => {
      byEnd.firstOfEnds(path, steps, (patterns, end) => {
        if (start + end < path.length)
          best = firstMatch(patterns, path.slice(start, path.length - end), { best, owns, steps });
        return undefined;
      });
      return undefined;
    });
    return best;
  }
}

/** The position of a rank in the list, or where it has to be inserted. */
function placeOf(rank: string, patterns: Patterns): number {
  let [low, high] = [0, patterns.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((patterns[middle]?.rank ?? rank) < rank) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface Search {
  readonly best: PathMatch | undefined;
  readonly owns: Owns;
  readonly steps: StepCounter;
}

/** The first pattern whose variables and middle match the text, unless the best one so far is more specific. */
function firstMatch(patterns: Patterns, text: string, { best, owns, steps }: Search): PathMatch | undefined {
  for (const { rank, middle, owners } of patterns) {
    if (steps.isSpent || (best && best.rank < rank)) return best;
    steps.take(1);
    const found = matched(rank, owners, owns);
    if (found && fits(middle, text, steps)) return found;
  }
  return best;
}

/**
 * Whether the text is the middle, with at least one character before, between and behind its literals. The first place where
 * a literal fits is the best one, since it leaves the most to the others: nothing is tried twice.
 */
function fits(middle: readonly string[], text: string, steps: StepCounter): boolean {
  let at = 0;
  for (const literal of middle) {
    const found = text.indexOf(literal, at + 1);
    steps.take((found < 0 ? text.length : found + literal.length) - at);
    if (found < 0) return false;
    at = found + literal.length;
  }
  return at < text.length;
}

function partsOf(literals: readonly string[]) {
  const all = literals.map(tokens);
  return { start: all[0] ?? "", middle: all.slice(1, -1), end: all.at(-1) ?? "" };
}

/** The text with each escape as one character beyond ASCII. */
export function tokens(canonical: string): string {
  if (!canonical.includes("%")) return canonical;
  return canonical.replace(/%([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(0x100 + Number.parseInt(hex, 16)),
  );
}
