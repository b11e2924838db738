/**
 * Escapes the characters of a program that are not ASCII, of which a single one makes V8 keep two bytes for each character of its text. It
 * is for the output of esbuild, which escapes strings and templates itself: what is left is in comments and regular expressions.
 */
export function asAscii(program: string): string {
  return program.replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
