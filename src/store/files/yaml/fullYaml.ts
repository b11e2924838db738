import { type Document, LineCounter, parseAllDocuments } from "yaml";
import { MAX_PROBLEMS } from "../../../api/validation/problem.ts";
import { isRecord } from "../../../base/json.ts";
import type { FileObject, FileProblem, ParsedFile, Position } from "./parsedFile.ts";

/** Reads any text with the YAML library. */
export function parseInFull(file: string, text: string): ParsedFile {
  const source = new Source(text);
  const read = source.documents.map((_, index) => readDocument(file, source, index));
  const problems = read.flatMap((one) => one.problems);
  const [shown, more] = [problems.slice(0, MAX_PROBLEMS), problems.length - MAX_PROBLEMS];
  const rest = { file, line: 1, field: "", message: `and ${more} more problems: fix these first` };
  return {
    objects: read.flatMap(({ objects }) => objects),
    problems: more > 0 ? [...shown, rest] : shown,
  };
}

/** The documents of a text. They take ten times the memory of the text, so they are parsed again if they are asked for later. */
class Source {
  readonly #text: string;
  #parsed: WeakRef<Parsed> | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  get documents(): readonly Document.Parsed[] {
    return this.#get().documents;
  }

  /** The place of an offset in the text. */
  positionAt(offset: number): Position {
    const { line, col } = this.#get().lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }

  #get(): Parsed {
    const known = this.#parsed?.deref();
    if (known) return known;
    const parsed = parse(this.#text);
    this.#parsed = new WeakRef(parsed);
    return parsed;
  }
}

interface Parsed {
  readonly documents: readonly Document.Parsed[];
  readonly lines: LineCounter;
}

function parse(text: string): Parsed {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    version: "1.1",
    uniqueKeys: true,
    lineCounter: lines,
    logLevel: "error",
    customTags: (tags) => tags.filter((tag) => typeof tag === "string" || !tag.tag.endsWith(":timestamp")),
  });
  return { documents: documents as readonly Document.Parsed[], lines };
}

function readDocument(file: string, source: Source, index: number): ParsedFile {
  const document = source.documents[index];
  if (!document) return { objects: [], problems: [] };
  const repeated = document.errors.filter(({ code }) => code === "DUPLICATE_KEY");
  const [broken] = document.errors.filter(({ code }) => code !== "DUPLICATE_KEY");
  const problems = [...repeated, ...(broken ? [broken] : [])].map(({ message, pos }) => ({
    ...{ file, ...source.positionAt(pos[0]), field: "" },
    message: `is not valid YAML: ${message.split("\n")[0]?.replace(/ at line \d+, column \d+:?$/, "") ?? ""}`,
  }));
  if (broken) return { objects: [], problems };
  const held = objectsOf(file, source, index);
  return { objects: held.objects, problems: [...problems, ...held.problems] };
}

function objectsOf(file: string, source: Source, index: number): ParsedFile {
  const start = positionIn(source, index, []) ?? { line: 1, column: 1 };
  const value = toJson(source.documents[index]);
  if (value === null) return { objects: [], problems: [] };
  const items =
    isRecord(value) && value.kind === "List" && Array.isArray(value.items) ? value.items : undefined;
  const places = items?.map((item, at) => [item, ["items", at]] as const) ?? [[value, []] as const];
  const objects: FileObject[] = [];
  const problems: FileProblem[] = [];
  for (const [object, prefix] of places) {
    const begins = positionIn(source, index, prefix) ?? start;
    const of = (field: string) => positionIn(source, index, [...prefix, ...pathOf(field)]) ?? begins;
    if (isRecord(object)) objects.push({ file, line: begins.line, value: object, positionOf: of });
    else problems.push({ file, ...begins, field: "", message: "holds something that is no object" });
  }
  return { objects, problems };
}

/** Returns undefined if the value cannot be converted to plain data, such as with recursive aliases. */
function toJson(document: Document.Parsed | undefined): unknown {
  try {
    return JSON.parse(JSON.stringify(document?.toJS()));
  } catch {
    return undefined;
  }
}

/** The place of a node, or of its nearest parent that has one. */
function positionIn(source: Source, index: number, path: readonly (string | number)[]): Position | undefined {
  const document = source.documents[index];
  for (let length = path.length; length > 0; length--) {
    const node = document?.getIn(path.slice(0, length), true) as { range?: readonly number[] } | undefined;
    if (node?.range) return source.positionAt(node.range[0] ?? 0);
  }
  return path.length === 0 && document
    ? source.positionAt(document.contents?.range?.[0] ?? document.range[0])
    : undefined;
}

function pathOf(field: string): readonly (string | number)[] {
  return [...field.matchAll(/\[([^\]]*)\]|[^.[\]]+/g)].map(([name, inBrackets]) =>
    inBrackets === undefined ? name : /^\d+$/.test(inBrackets) ? Number(inBrackets) : inBrackets,
  );
}
