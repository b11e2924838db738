/** A code block of a Markdown page: a fence with its content, or lines that are indented by four blanks. */
export interface Block {
  /** The first line, counted from 1. */
  readonly line: number;
  /** The lines of the page, unchanged and with the fences. */
  readonly lines: readonly string[];
}

const FENCE = /^ *```/;
const INDENTED = /^ {4}/;

/** Every code block of a page, output included, in the page's order. A fence that is not closed ends with the page. */
export function blocksIn(page: string): readonly Block[] {
  const lines = page.split("\n");
  const found: Block[] = [];
  for (let at = 0; at < lines.length; at++) {
    const end = endOfBlock(lines, at);
    if (end === undefined) continue;
    found.push({ line: at + 1, lines: lines.slice(at, end) });
    at = end - 1;
  }
  return found;
}

/** The line after the block that begins at `start`. Undefined: none begins there. */
function endOfBlock(lines: readonly string[], start: number): number | undefined {
  const isFence = FENCE.test(lines[start] ?? "");
  if (!isFence && !INDENTED.test(lines[start] ?? "")) return undefined;
  const isLast = (line: string) => (isFence ? FENCE.test(line) : !INDENTED.test(line));
  const last = lines.findIndex((line, index) => index > start && isLast(line));
  if (last < 0) return lines.length;
  return isFence ? last + 1 : last;
}

/** The page with an empty line for each line of its code blocks, so that line numbers stay. */
export function withoutBlocks(page: string): string {
  const lines = page.split("\n");
  for (const { line, lines: block } of blocksIn(page))
    lines.splice(line - 1, block.length, ...block.map(() => ""));
  return lines.join("\n");
}

/**
 * The translation with the code blocks of the original in the places of its own. Unchanged where the two have a different
 * number of blocks, since then it is not known which belong together: the unit test of the translations reports it.
 */
export function withBlocksOf(original: string, translation: string): string {
  const wanted = blocksIn(original);
  const present = blocksIn(translation);
  if (wanted.length !== present.length) return translation;
  const lines = translation.split("\n");
  // From the end, so that the line numbers of earlier blocks stay valid.
  for (const [index, { line, lines: block }] of [...present.entries()].toReversed())
    lines.splice(line - 1, block.length, ...(wanted[index]?.lines ?? []));
  return lines.join("\n");
}
