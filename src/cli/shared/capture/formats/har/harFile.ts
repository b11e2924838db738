import { field, parseJson } from "../../../../../base/json.ts";
import type { Captured } from "../../captured.ts";
import { JsonElements } from "../jsonElements.ts";
import type { Action, JsonElement } from "../jsonSelection.ts";
import { MAX_REQUEST_BYTES, utf8Of } from "../requestText.ts";
import { readEntry } from "./harEntry.ts";

const ENTRIES = "log.entries.*";

/** Reads a HAR file from its chunks. It holds one entry at a time, without the response. */
export class HarFile {
  readonly #file: string;
  readonly #elements = new JsonElements({
    choose: actionFor,
    without: new Set(["response"]),
    maxBytes: MAX_REQUEST_BYTES,
  });
  #creator: string | undefined;
  #entries = 0;

  constructor(file: string) {
    this.#file = file;
  }

  *take(chunk: Buffer): Generator<Captured> {
    for (const element of this.#elements.take(chunk)) {
      if (element.path.join(".") === ENTRIES) yield* this.#entry(element);
      else this.#creator = creatorIn(element);
    }
  }

  *end(): Generator<Captured> {
    const open = this.#elements.open();
    if (!open) return;
    const isEntry = open.path.join(".") === ENTRIES;
    const entry = isEntry ? { entry: this.#entries + 1 } : {};
    const problem = "the HAR ends in the middle; it may have been truncated";
    yield { ok: false, place: { file: this.#file, line: open.line, ...entry }, id: undefined, problem };
  }

  *#entry({ bytes, line }: JsonElement): Generator<Captured> {
    this.#entries += 1;
    const place = { file: this.#file, line, entry: this.#entries };
    const text = bytes === undefined ? undefined : utf8Of(bytes);
    const entry = text === undefined ? undefined : parseJson(text);
    const problem = problemOf(bytes, text, entry);
    const read: Captured | undefined =
      problem === undefined
        ? readEntry(entry, { place, creator: this.#creator })
        : { ok: false, place, id: undefined, problem };
    if (read) yield { ...read, id: this.#entries };
  }
}

function actionFor(path: readonly string[]): Action {
  const name = path.join(".");
  if (name === ENTRIES || name === "log.creator") return "take";
  return ["", "log", "log.entries"].includes(name) ? "enter" : "drop";
}

function creatorIn({ bytes }: JsonElement): string | undefined {
  const name = field(parseJson(bytes?.toString("utf8") ?? ""), "name");
  return typeof name === "string" ? name : undefined;
}

function problemOf(bytes: Buffer | undefined, text: string | undefined, entry: unknown): string | undefined {
  if (bytes === undefined) return `the request is longer than ${MAX_REQUEST_BYTES} bytes`;
  if (text === undefined) return "is not UTF-8";
  return entry === undefined ? "is not JSON; it may have been truncated" : undefined;
}
