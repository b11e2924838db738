/** Compares two resourceVersions as the numbers that they are; "" is older than every other. Negative: a is older. */
export function compareVersions(a: string, b: string): number {
  if (a === b) return 0;
  return a.length === b.length ? (a < b ? -1 : 1) : a.length - b.length;
}
