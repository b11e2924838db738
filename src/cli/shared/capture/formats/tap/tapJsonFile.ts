import { parseJson } from "../../../../../base/json.ts";
import type { Captured } from "../../captured.ts";
import { JsonElements } from "../jsonElements.ts";
import { MAX_REQUEST_BYTES, utf8Of } from "../requestText.ts";
import { readTapJson } from "./tapJson.ts";
import type { TapTraces } from "./tapTraces.ts";

/** Reads Envoy's tap in JSON from its chunks: one trace or several behind each other, with or without line ends. */
export class TapJsonFile {
  readonly #file: string;
  readonly #traces: TapTraces;
  readonly #elements = new JsonElements({
    choose: () => "take",
    without: new Set(),
    maxBytes: MAX_REQUEST_BYTES,
  });

  constructor(file: string, traces: TapTraces) {
    this.#file = file;
    this.#traces = traces;
  }

  *take(chunk: Buffer): Generator<Captured> {
    for (const { bytes, line } of this.#elements.take(chunk)) {
      const place = { file: this.#file, line };
      const text = bytes && utf8Of(bytes);
      const value = text === undefined ? undefined : parseJson(text);
      if (value !== undefined) yield* this.#traces.add(readTapJson(value), place);
      else yield { ok: false, place, id: undefined, problem: problemOf(bytes, text) };
    }
  }

  *end(): Generator<Captured> {
    const open = this.#elements.open();
    const problem = "the trace ends in the middle; it may have been truncated";
    if (open) yield { ok: false, place: { file: this.#file, line: open.line }, id: undefined, problem };
    yield* this.#traces.endFile();
  }
}

function problemOf(bytes: Buffer | undefined, text: string | undefined): string {
  if (!bytes) return `the trace is longer than ${MAX_REQUEST_BYTES} bytes`;
  return text === undefined ? "is not UTF-8" : "is not JSON; it may have been truncated";
}
