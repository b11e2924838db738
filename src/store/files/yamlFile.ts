import { type Document, LineCounter, parseAllDocuments } from "yaml";
import { MAX_PROBLEMS } from "../../api/validation/problem.ts";
import { isRecord } from "../../base/json.ts";
import { readSimpleYaml } from "./simpleYaml.ts";

/** A problem of a file, with line and field if they are known. */
export interface FileProblem {
  readonly file: string;
  readonly line: number;
  /** From 1; undefined if it is not known. */
  readonly column?: number;
  /** Such as `ApiGrant team-shop/partners: spec.apis[0].hosts[1]`; "" for the file as a whole. */
  readonly field: string;
  readonly message: string;
}

/** One object of a file, not validated yet. */
export interface FileObject {
  readonly file: string;
  readonly line: number;
  readonly value: Readonly<Record<string, unknown>>;
  /** Where a field such as `spec.apis[0].hosts[1]` or `metadata.labels[example.com/team]` is, or its nearest parent in the file. */
  positionOf(field: string): Position;
}

/** Both from 1. */
interface Position {
  readonly line: number;
  readonly column: number;
}

export interface ParsedFile {
  /** The objects that can be read. If the file has problems they do not take effect, and are only validated to report more problems. */
  readonly objects: readonly FileObject[];
  readonly problems: readonly FileProblem[];
}

/** Twice the size limit of etcd for one object; no hand-written file is longer. */
export const MAX_FILE_BYTES = 3_145_728;

/**
 * Reads text as kubectl does: YAML 1.1, in which `yes` is true, with times as text, several documents, and lists of
 * objects. A key that comes twice is an error. Total: a syntax error is a problem with a line. All problems of all
 * documents are reported, except that only the first syntax error of a document is: the later ones are guesses of the parser.
 */
export function parseYamlFile(file: string, text: string): ParsedFile {
  return parseSimple(file, text) ?? parseInFull(file, text);
}

/** Undefined if the YAML library has to read the text. Positions are looked up by the library when one is asked for. */
function parseSimple(file: string, text: string): ParsedFile | undefined {
  const documents = readSimpleYaml(text);
  if (!documents?.every(({ value }) => isRecord(value) && value.kind !== "List")) return undefined;
  const source = new Source(text);
  const objects = documents.map(({ line, value }, index) => ({
    ...{ file, line, value: value as FileObject["value"] },
    positionOf: (field: string) => positionIn(source, index, pathOf(field)) ?? { line, column: 1 },
  }));
  return { objects, problems: [] };
}

function parseInFull(file: string, text: string): ParsedFile {
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

interface Parsed {
  readonly documents: readonly Document.Parsed[];
  readonly lines: LineCounter;
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

  /** The position of an offset in the text. */
  positionAt(offset: number): Position {
    const { line, col } = this.#get().lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }

  #get(): Parsed {
    const known = this.#parsed?.deref();
    if (known) return known;
    const parsed = parseText(this.#text);
    this.#parsed = new WeakRef(parsed);
    return parsed;
  }
}

function parseText(text: string): Parsed {
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
  const errors = source.documents[index]?.errors ?? [];
  const repeated = errors.filter(({ code }) => code === "DUPLICATE_KEY");
  const [broken] = errors.filter(({ code }) => code !== "DUPLICATE_KEY");
  const problems = [...repeated, ...(broken ? [broken] : [])].map(({ message, pos }) => ({
    ...{ file, ...source.positionAt(pos[0]), field: "" },
    message: `is not valid YAML: ${message.split("\n")[0]?.replace(/ at line \d+, column \d+:?$/, "") ?? ""}`,
  }));
  if (broken) return { objects: [], problems };
  const held = objectsOf(file, source, index);
  return { objects: held.objects, problems: [...problems, ...held.problems] };
}

function objectsOf(file: string, source: Source, index: number): ParsedFile {
  const document = source.documents[index];
  const start = source.positionAt(document?.contents?.range?.[0] ?? document?.range[0] ?? 0);
  const value = toJson(document);
  if (value === null) return { objects: [], problems: [] };
  const items =
    isRecord(value) && value.kind === "List" && Array.isArray(value.items) ? value.items : undefined;
  const places = items?.map((item, at) => [item, ["items", at]] as const) ?? [[value, []] as const];
  const objects: FileObject[] = [];
  const problems: FileProblem[] = [];
  for (const [object, prefix] of places) {
    const begins = positionIn(source, index, prefix) ?? start;
    const positionOf = (field: string) => positionIn(source, index, [...prefix, ...pathOf(field)]) ?? begins;
    if (isRecord(object)) objects.push({ file, line: begins.line, value: object, positionOf });
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

/** The position of a node, or of its nearest parent that has one. */
function positionIn(source: Source, index: number, path: readonly (string | number)[]): Position | undefined {
  const document = source.documents[index];
  for (let length = path.length; length > 0; length--) {
    const node = document?.getIn(path.slice(0, length), true) as { range?: readonly number[] } | undefined;
    if (node?.range) return source.positionAt(node.range[0] ?? 0);
  }
  return undefined;
}

function pathOf(field: string): readonly (string | number)[] {
  return [...field.matchAll(/\[([^\]]*)\]|[^.[\]]+/g)].map(([name, inBrackets]) =>
    inBrackets === undefined ? name : /^\d+$/.test(inBrackets) ? Number(inBrackets) : inBrackets,
  );
}
