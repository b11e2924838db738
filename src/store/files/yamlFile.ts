import { type Document, LineCounter, parseAllDocuments } from "yaml";

/** What is wrong with a file, and where: line and field, where they are known. */
export interface FileProblem {
  readonly file: string;
  readonly line: number;
  /** Such as `ApiGrant team-shop/partners: spec.apis[0].hosts[1]`; "" for the file as a whole. */
  readonly field: string;
  readonly message: string;
}

/** One object as it stands in a file. */
export interface FileObject {
  readonly file: string;
  readonly line: number;
  readonly value: Readonly<Record<string, unknown>>;
  /** The line of a field such as `spec.apis[0].hosts[1]`, or of what is nearest to it. */
  lineOf(field: string): number;
}

export type ParsedFile =
  | { readonly ok: true; readonly objects: readonly FileObject[] }
  | { readonly ok: false; readonly problems: readonly FileProblem[] };

/** What etcd takes of one object, twice; a longer file is none that a person wrote. */
export const MAX_FILE_BYTES = 3_145_728;

/**
 * Reads text as kubectl does: YAML 1.1, in which `yes` is true, with times as text, several documents, and lists of
 * objects. A key that comes twice is an error. Total: whatever does not parse is a problem with a line.
 */
export function parseYamlFile(file: string, text: string): ParsedFile {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    version: "1.1",
    uniqueKeys: true,
    lineCounter: lines,
    logLevel: "error",
    customTags: (tags) => tags.filter((tag) => typeof tag === "string" || !tag.tag.endsWith(":timestamp")),
  });
  const problems: FileProblem[] = [];
  const objects: FileObject[] = [];
  for (const document of documents as readonly Document.Parsed[]) {
    const read = readDocument(file, document, lines);
    if (Array.isArray(read)) objects.push(...read);
    else problems.push(read as FileProblem);
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, objects };
}

function readDocument(
  file: string,
  document: Document.Parsed,
  lines: LineCounter,
): readonly FileObject[] | FileProblem {
  const at = (offset: number) => Math.max(1, lines.linePos(offset).line);
  const broken = document.errors[0];
  if (broken) {
    const message = broken.message.split("\n")[0]?.replace(/ at line \d+, column \d+:?$/, "") ?? "";
    return { file, line: at(broken.pos[0]), field: "", message: `is not valid YAML: ${message}` };
  }
  const line = at(document.contents?.range?.[0] ?? document.range[0]);
  const value = toJson(document);
  if (value === null) return [];
  if (!isRecord(value)) return { file, line, field: "", message: "holds something that is no object" };
  const items = value.kind === "List" && Array.isArray(value.items) ? value.items : undefined;
  const one = (object: Record<string, unknown>, prefix: readonly (string | number)[]): FileObject => ({
    file,
    line: lineOf(document, prefix, at) ?? line,
    value: object,
    lineOf: (field) => lineOf(document, [...prefix, ...pathOf(field)], at) ?? line,
  });
  return items
    ? items.flatMap((item, index) => (isRecord(item) ? [one(item, ["items", index])] : []))
    : [one(value, [])];
}

/** Undefined stands for what cannot be made plain data, such as aliases without end. */
function toJson(document: Document.Parsed): unknown {
  try {
    return JSON.parse(JSON.stringify(document.toJS()));
  } catch {
    return undefined;
  }
}

function lineOf(
  document: Document.Parsed,
  path: readonly (string | number)[],
  at: (offset: number) => number,
): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as { range?: readonly number[] } | undefined;
    if (node?.range) return at(node.range[0] ?? 0);
  }
  return undefined;
}

function pathOf(field: string): readonly (string | number)[] {
  return [...field.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([name, index]) =>
    index === undefined ? name : Number(index),
  );
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
