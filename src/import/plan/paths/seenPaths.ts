/** Paths of captured requests that a regular expression of the vendor's matches, as a sentence; "" without one. */
export function seenText({ text }: { readonly text: string }, seen: readonly string[]): string {
  const pattern = safeExpression(text);
  const matching = pattern ? [...new Set(seen.filter((one) => pattern.test(one)))].sort() : [];
  if (matching.length === 0) return "";
  const more = matching.length > 20 ? `, and ${matching.length - 20} more` : "";
  return `. Captured requests have ${matching.slice(0, 20).join(", ")}${more}`;
}

/** The vendor's expression, where JavaScript can read it and it is short enough to be harmless. */
function safeExpression(text: string): RegExp | undefined {
  const source = text.replaceAll(/\{[^{}]*[A-Za-z][^{}]*\}/g, ".+");
  if (source.length > 200 || /[)*+][*+?{]/.test(source)) return undefined;
  try {
    return new RegExp(source);
  } catch {
    return undefined;
  }
}
