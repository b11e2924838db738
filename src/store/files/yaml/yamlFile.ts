import { isRecord } from "../../../base/json.ts";
import { parseInFull } from "./fullYaml.ts";
import type { FileObject, ParsedFile, Position } from "./parsedFile.ts";
import { readSimpleYaml, type SimpleDocument } from "./simpleYaml.ts";

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

/**
 * Text that was parsed before, by an earlier process: its objects begin at these lines, in this order. It is parsed when the value or
 * a position of an object is asked for.
 */
export function parseLater(file: string, text: string, lines: readonly number[]): ParsedFile {
  let parsed: ParsedFile | undefined;
  const objectAt = (index: number) => {
    parsed ??= parseYamlFile(file, text);
    return parsed.objects[index];
  };
  const forget = () => {
    parsed = undefined;
  };
  return {
    objects: lines.map((line, index) => new LaterObject(objectAt, file, line, index)),
    problems: [],
    forget,
  };
}

/** Undefined if the YAML library has to read the text. */
function parseSimple(file: string, text: string): ParsedFile | undefined {
  const documents = readSimpleYaml(text);
  if (!documents?.every(({ value }) => isRecord(value) && value.kind !== "List")) return undefined;
  const source = new SimpleSource(file, text, documents);
  const objects = documents.map(({ line }, index) => new SimpleObject(source, index, line));
  return { objects, problems: [], forget: () => source.forget() };
}

/** The documents of a text that needs no YAML library, except for positions, when one is asked for. */
class SimpleSource {
  readonly file: string;
  readonly #text: string;
  #documents: readonly SimpleDocument[] | undefined;
  #full: ParsedFile | undefined;

  constructor(file: string, text: string, documents: readonly SimpleDocument[]) {
    this.file = file;
    this.#text = text;
    this.#documents = documents;
  }

  forget(): void {
    this.#documents = undefined;
    this.#full = undefined;
  }

  valueAt(index: number): FileObject["value"] {
    this.#documents ??= readSimpleYaml(this.#text) ?? [];
    return this.#documents[index]?.value as FileObject["value"];
  }

  positionOf(index: number, field: string): Position | undefined {
    this.#full ??= parseInFull(this.file, this.#text);
    return this.#full.objects[index]?.positionOf(field);
  }
}

class SimpleObject implements FileObject {
  readonly #source: SimpleSource;
  readonly #index: number;
  readonly line: number;

  constructor(source: SimpleSource, index: number, line: number) {
    this.#source = source;
    this.#index = index;
    this.line = line;
  }

  get file(): string {
    return this.#source.file;
  }

  get value(): FileObject["value"] {
    return this.#source.valueAt(this.#index);
  }

  positionOf(field: string): Position {
    return this.#source.positionOf(this.#index, field) ?? { line: this.line, column: 1 };
  }
}

/** An object of a text that is parsed when it is needed. */
class LaterObject implements FileObject {
  readonly #objectAt: (index: number) => FileObject | undefined;
  readonly #index: number;
  readonly file: string;
  readonly line: number;

  constructor(
    objectAt: (index: number) => FileObject | undefined,
    file: string,
    line: number,
    index: number,
  ) {
    this.#objectAt = objectAt;
    this.file = file;
    this.line = line;
    this.#index = index;
  }

  get value(): FileObject["value"] {
    return this.#objectAt(this.#index)?.value ?? {};
  }

  positionOf(field: string): Position {
    return this.#objectAt(this.#index)?.positionOf(field) ?? { line: this.line, column: 1 };
  }
}
