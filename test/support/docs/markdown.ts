/** A piece of a page that a reader would paste: a fenced block, or an indented command behind `$`. */
export interface Snippet {
  /** The fence's info string: `yaml`, `yaml values`, `sh`; `sh` for an indented command. */
  readonly kind: string;
  readonly text: string;
  /** The first line's number in the page. */
  readonly line: number;
}

const FENCE = /^( *)```(.*)$/;
const PROMPT = /^ {4,}\$ (.*)$/;

/** Everything of a Markdown page that can be pasted, in the page's order. Output of commands is not. */
export function snippetsIn(page: string): readonly Snippet[] {
  const lines = page.split("\n");
  const found: Snippet[] = [];
  for (let at = 0; at < lines.length; at++) {
    const [, indent, kind] = FENCE.exec(lines[at] ?? "") ?? [];
    const end = indent === undefined ? lastLineOfCommand(lines, at) : endOfFence(lines, at, indent);
    if (end === undefined) continue;
    const snippet = kind === undefined ? command(lines, at, end) : fenced(lines, at, end, kind);
    found.push(snippet);
    at = end;
  }
  return found;
}

function endOfFence(lines: readonly string[], start: number, indent: string): number {
  const end = lines.findIndex((line, index) => index > start && line === `${indent}\`\`\``);
  if (end < 0) throw new Error(`the block of line ${start + 1} never ends`);
  return end;
}

function fenced(lines: readonly string[], start: number, end: number, kind: string): Snippet {
  const indent = /^ */.exec(lines[start] ?? "")?.[0].length ?? 0;
  const text = lines.slice(start + 1, end).map((line) => line.slice(indent));
  return { kind: kind.trim(), text: `${text.join("\n")}\n`, line: start + 2 };
}

/** A backslash continues a command in the next line. Undefined: this line holds no command. */
function lastLineOfCommand(lines: readonly string[], start: number): number | undefined {
  if (!PROMPT.test(lines[start] ?? "")) return undefined;
  let end = start;
  while (lines[end]?.endsWith("\\")) end += 1;
  return end;
}

function command(lines: readonly string[], start: number, end: number): Snippet {
  const [first = "", ...rest] = lines.slice(start, end + 1);
  return { kind: "sh", text: `${[PROMPT.exec(first)?.[1], ...rest].join("\n")}\n`, line: start + 1 };
}
