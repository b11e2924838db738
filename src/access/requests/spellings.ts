/** What is left as it is: slashes and dots, whose escapes are always denied, and escapes. */
const PLAIN = /[^/.%]/;

/**
 * The path with one character at a time written as an escape, which an upstream may decode. A verifier allows such a spelling
 * only if the same path of a grant decides for both, so it depends on which path decides.
 */
export function* escapedSpellings(path: string): Generator<string> {
  for (let at = 1; at < path.length; at += 1) {
    const character = path[at] ?? "";
    const isInEscape = path[at - 1] === "%" || path[at - 2] === "%";
    if (!PLAIN.test(character) || isInEscape) continue;
    const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0");
    yield `${path.slice(0, at)}%${code}${path.slice(at + 1)}`;
  }
}
