import { MAX_PATH_LENGTH } from "../../../api/path.ts";

/** A path of a grant is at most this long. An older schema let in characters that the canonical spelling writes as three. */
const MAX_GRANT_PATH = 3 * MAX_PATH_LENGTH;

/** Sorts behind every character of a path, so that of two patterns the one with a literal is before the one with a variable. */
const VARIABLE = "\x7f";

/** Of the whole path: nothing is more specific. */
export const EXACT_RANK = "0";

/** Of a path of type Template; a letter for each segment follows. */
export const TEMPLATE_RANK = "2";

const markedRanks: string[] = [];
const segmentRanks: string[] = [];
const plainRanks: string[] = [];

/** Of `^~` and a prefix of this length: a longer one is more specific. */
export function markedRank(length: number): string {
  markedRanks[length] ??= `1${longerFirst(length)}`;
  return markedRanks[length];
}

/**
 * Of a TencentPath with variables: more literal characters first, then the literal where the other one has a variable, from
 * the left, then by the text, so that no two different patterns are equal.
 */
export function variablesRank(literals: readonly string[]): string {
  const count = literals.reduce((sum, literal) => sum + literal.length, 0);
  return `3${longerFirst(count)}${literals.join(VARIABLE)}`;
}

/** Of a PathPrefix whose key, without a slash at its end, has this length. `/` counts as one character, as it is written. */
export function segmentPrefixRank(length: number): string {
  segmentRanks[length] ??= `4${longerFirst(Math.max(length, 1))}a`;
  return segmentRanks[length];
}

/** Of a plain TencentPath of this length. A PathPrefix of the same length matches less, so it is before it. */
export function plainRank(length: number): string {
  plainRanks[length] ??= `4${longerFirst(length)}b`;
  return plainRanks[length];
}

function longerFirst(length: number): string {
  return String(Math.max(0, MAX_GRANT_PATH - length)).padStart(4, "0");
}
