import { isSafePath } from "../../policy/pathSafety.ts";
import type { Pattern } from "./pattern.ts";

/** A path that stands for all paths which the same patterns match. */
export interface Representative {
  readonly path: string;
  /** The positions of these patterns in the list, in order. */
  readonly matched: readonly number[];
}

/** A pattern, and where it competes with others. */
export interface RankedPattern extends Pattern {
  /** Of the patterns of one group that match a path, the one with the smallest rank decides. Without groups it is kept apart. */
  readonly ranks: ReadonlyMap<string, string>;
}

/** The patterns overlap in more ways than can be looked at. */
export class TooManyOverlaps extends Error {}

/** Behind every rank of a path, which begins with a digit. */
const LAST_RANK = ":";

/** Below this many states the search takes some seconds at most. */
const MAX_STATES = 500_000;

/**
 * One path for each set of patterns that some path matches. Paths that the same patterns match get the same decision, so a
 * property of these paths holds for every path. The patterns are read together, character by character, as one automaton whose
 * states are visited once each. A pattern is dropped where another one of its groups matches whatever follows and decides
 * before it: without this, each variable that spans segments would double the states. Throws TooManyOverlaps.
 */
export function representativesOf(patterns: readonly RankedPattern[]): readonly Representative[] {
  const search = new Search(patterns);
  search.run();
  return search.found;
}

/** How the path so far ends: whether it may end here, and what may follow, so that it can be understood in one way only. */
type End = "text" | "slash" | "dot" | "dots";

interface State {
  /** Positions in the patterns, in order: the pattern times WIDTH, and the position in it. */
  readonly places: readonly number[];
  readonly end: End;
  readonly path: string;
}

/** More than the parts of a pattern, with its environment's prefix. */
const WIDTH = 8_192;

class Search {
  readonly found: Representative[] = [];
  readonly #patterns: readonly RankedPattern[];
  readonly #steps: readonly (readonly Step[])[];
  readonly #seenStates = new Set<string>();
  readonly #seenMatches = new Set<string>();
  #queue: State[] = [];

  constructor(patterns: readonly RankedPattern[]) {
    this.#patterns = patterns;
    this.#steps = patterns.map(stepsOf);
  }

  run(): void {
    this.#visit({ places: this.#patterns.map((_, pattern) => pattern * WIDTH), end: "text", path: "" });
    for (let at = 0; at < this.#queue.length; at += 1) {
      const state = this.#queue[at];
      if (state) this.#follow(state);
      if (this.#seenStates.size > MAX_STATES) throw new TooManyOverlaps();
    }
  }

  #visit(reached: State): void {
    const state = { ...reached, places: this.#deciding(reached.places) };
    const key = `${state.end} ${state.places.join(" ")}`;
    if (state.places.length === 0 || this.#seenStates.has(key)) return;
    this.#seenStates.add(key);
    this.#queue.push(state);
    if (!isSafePath(state.path)) return;
    const matched = [...new Set(state.places.filter((place) => this.#accepts(place)).map(patternAt))];
    const match = matched.join(" ");
    if (match === "" || this.#seenMatches.has(match)) return;
    this.#seenMatches.add(match);
    this.found.push({ path: state.path, matched });
  }

  #follow(state: State): void {
    const tokens = new Set<string>(["/"]);
    for (const place of state.places) {
      const step = this.#stepAt(place);
      // Behind a variable its next character may begin.
      const next = step?.kind === "more" ? this.#stepAt(place + 1) : step;
      if (next?.kind === "text") tokens.add(next.token);
    }
    for (const token of state.path === "" ? ["/"] : [freshToken(tokens), ...tokens]) {
      const end = endAfter(state.end, token);
      if (end === undefined) continue;
      const places = state.places.flatMap((place) => this.#after(place, token));
      this.#visit({ places: inOrder(places), end, path: state.path + token });
    }
  }

  #after(place: number, token: string): readonly number[] {
    const step = this.#stepAt(place);
    switch (step?.kind) {
      case "text":
        return step.token === token ? [place + 1] : [];
      case "one":
        return token === "/" && !step.spans ? [] : [place + 1];
      case "more":
        // Another character of the variable, or the part behind it.
        return [...(token === "/" && !step.spans ? [] : [place]), ...this.#after(place + 1, token)];
      case "boundary":
        return token === "/" ? [place + 1] : [];
      case "rest":
        return [place];
      case undefined:
        return [];
    }
  }

  /** Without the patterns that cannot decide any more. */
  #deciding(places: readonly number[]): readonly number[] {
    const best = new Map<string, string>();
    for (const place of places)
      if (this.#acceptsAll(place))
        for (const [group, rank] of this.#ranksAt(place))
          if (rank < (best.get(group) ?? LAST_RANK)) best.set(group, rank);
    if (best.size === 0) return places;
    return places.filter((place) => {
      const ranks = this.#ranksAt(place);
      return ranks.size === 0 || [...ranks].some(([group, rank]) => rank <= (best.get(group) ?? LAST_RANK));
    });
  }

  /** Whether the pattern matches whatever follows. */
  #acceptsAll(place: number): boolean {
    const step = this.#stepAt(place);
    return step?.kind === "rest" || (step?.kind === "more" && step.spans && !this.#stepAt(place + 1));
  }

  #ranksAt(place: number): ReadonlyMap<string, string> {
    return this.#patterns[patternAt(place)]?.ranks ?? new Map();
  }

  #accepts(place: number): boolean {
    const step = this.#stepAt(place);
    if (step?.kind === "more") return this.#accepts(place + 1);
    return step === undefined || step.kind === "boundary" || step.kind === "rest";
  }

  #stepAt(place: number): Step | undefined {
    return this.#steps[patternAt(place)]?.[place % WIDTH];
  }
}

type Step =
  | { readonly kind: "text"; readonly token: string }
  /** The first character of a variable, and its further ones. `spans`: they may be slashes. */
  | { readonly kind: "one" | "more"; readonly spans: boolean }
  /** The end of the path, or a slash. */
  | { readonly kind: "boundary" }
  /** Anything. */
  | { readonly kind: "rest" };

function stepsOf({ parts, tail }: Pattern): readonly Step[] {
  const steps = parts.flatMap((part): readonly Step[] => {
    const spans = part.kind === "any";
    return part.kind === "text"
      ? [part]
      : [
          { kind: "one", spans },
          { kind: "more", spans },
        ];
  });
  if (tail === "end") return steps;
  return tail === "any" ? [...steps, { kind: "rest" }] : [...steps, { kind: "boundary" }, { kind: "rest" }];
}

function patternAt(place: number): number {
  return Math.floor(place / WIDTH);
}

function inOrder(places: readonly number[]): readonly number[] {
  return places.length > 1 ? [...new Set(places)].sort((a, b) => a - b) : places;
}

/** Undefined for a token that may not follow: no path with `//` or a dot segment is ever allowed. */
function endAfter(end: End, token: string): End | undefined {
  if (token === "/") return end === "text" ? "slash" : undefined;
  if (token !== ".") return "text";
  if (end === "slash") return "dot";
  return end === "dot" ? "dots" : "text";
}

const FRESH = [..."xyzwvutsrqponmlkjihgfedcba0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_-~!$&'()*+,=:@"];

/** A character that no pattern names here: it stands for all of them. Together the patterns may name every letter. */
function freshToken(taken: ReadonlySet<string>): string {
  const found = FRESH.find((token) => !taken.has(token));
  if (found !== undefined) return found;
  throw new TooManyOverlaps();
}
