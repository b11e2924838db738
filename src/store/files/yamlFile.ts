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
  let full: ParsedFile | undefined;
  const objects = documents.map(({ line, value }, index) => ({
    ...{ file, line, value: value as FileObject["value"] },
    positionOf: (field: string) => {
      full ??= parseInFull(file, text);
      return full.objects[index]?.positionOf(field) ?? { line, column: 1 };
    },
  }));
  return { objects, problems: [] };
}

function parseInFull(file: string, text: string): ParsedFile {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    version: "1.1",
    uniqueKeys: true,
    lineCounter: lines,
    logLevel: "error",
    customTags: (tags) => tags.filter((tag) => typeof tag === "string" || !tag.tag.endsWith(":timestamp")),
  });
  const read = (documents as readonly Document.Parsed[]).map((document) =>
    readDocument(file, document, lines),
  );
  const problems = read.flatMap((one) => one.problems);
  const [shown, more] = [problems.slice(0, MAX_PROBLEMS), problems.length - MAX_PROBLEMS];
  const rest = { file, line: 1, field: "", message: `and ${more} more problems: fix these first` };
  return {
    objects: read.flatMap(({ objects }) => objects),
    problems: more > 0 ? [...shown, rest] : shown,
  };
}

function readDocument(file: string, document: Document.Parsed, lines: LineCounter): ParsedFile {
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const repeated = document.errors.filter(({ code }) => code === "DUPLICATE_KEY");
  const [broken] = document.errors.filter(({ code }) => code !== "DUPLICATE_KEY");
  const problems = [...repeated, ...(broken ? [broken] : [])].map(({ message, pos }) => ({
    ...{ file, ...at(pos[0]), field: "" },
    message: `is not valid YAML: ${message.split("\n")[0]?.replace(/ at line \d+, column \d+:?$/, "") ?? ""}`,
  }));
  if (broken) return { objects: [], problems };
  const held = objectsOf(file, document, at);
  return { objects: held.objects, problems: [...problems, ...held.problems] };
}

function objectsOf(file: string, document: Document.Parsed, at: At): ParsedFile {
  const start = at(document.contents?.range?.[0] ?? document.range[0]);
  const value = toJson(document);
  if (value === null) return { objects: [], problems: [] };
  const items =
    isRecord(value) && value.kind === "List" && Array.isArray(value.items) ? value.items : undefined;
  const places = items?.map((item, index) => [item, ["items", index]] as const) ?? [[value, []] as const];
  const objects: FileObject[] = [];
  const problems: FileProblem[] = [];
  for (const [object, prefix] of places) {
    const begins = positionIn(document, prefix, at) ?? start;
    const positionOf = (field: string) => positionIn(document, [...prefix, ...pathOf(field)], at) ?? begins;
    if (isRecord(object)) objects.push({ file, line: begins.line, value: object, positionOf });
    else problems.push({ file, ...begins, field: "", message: "holds something that is no object" });
  }
  return { objects, problems };
}

/** Returns undefined if the value cannot be converted to plain data, such as with recursive aliases. */
function toJson(document: Document.Parsed): unknown {
  try {
    return JSON.parse(JSON.stringify(document.toJS()));
  } catch {
    return undefined;
  }
}

/** The position of an offset in the text. */
type At = (offset: number) => Position;

function positionIn(
  document: Document.Parsed,
  path: readonly (string | number)[],
  at: At,
): Position | undefined {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as { range?: readonly number[] } | undefined;
    if (node?.range) return at(node.range[0] ?? 0);
  }
  return undefined;
}

function pathOf(field: string): readonly (string | number)[] {
  return [...field.matchAll(/\[([^\]]*)\]|[^.[\]]+/g)].map(([name, inBrackets]) =>
    inBrackets === undefined ? name : /^\d+$/.test(inBrackets) ? Number(inBrackets) : inBrackets,
  );
}
