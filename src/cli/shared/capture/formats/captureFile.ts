import type { Captured } from "../captured.ts";
import { HarFile } from "./har/harFile.ts";
import { JsonLineFile } from "./jsonLineFile.ts";
import { type Format, recognise } from "./recognise.ts";
import { withoutMark } from "./requestText.ts";
import { TapJsonFile } from "./tap/tapJsonFile.ts";
import { TapProtoFile } from "./tap/tapProtoFile.ts";
import type { TapTraces } from "./tap/tapTraces.ts";

/** Reads one file of captured requests in a certain format. */
interface FormatReader {
  /** The requests that end in this chunk, which is the next one. */
  take(chunk: Buffer): Iterable<Captured>;
  /** What remains at the end of the file. */
  end(): Iterable<Captured>;
}

/** Reads a file of captured requests in any of the formats, from its chunks. */
export class CaptureFile {
  readonly #name: string;
  readonly #traces: TapTraces;
  #head: Buffer[] = [];
  #reader: FormatReader | undefined;

  /** `traces` joins the segments of Envoy's tap over all files. */
  constructor(name: string, traces: TapTraces) {
    this.#name = name;
    this.#traces = traces;
  }

  *take(chunk: Buffer): Generator<Captured> {
    if (this.#reader) yield* this.#reader.take(chunk);
    else {
      this.#head.push(chunk);
      yield* this.#begin(false);
    }
  }

  *end(): Generator<Captured> {
    if (!this.#reader) yield* this.#begin(true);
    if (this.#reader) yield* this.#reader.end();
  }

  *#begin(isWhole: boolean): Generator<Captured> {
    const head = Buffer.concat(this.#head);
    const format = recognise(head, isWhole);
    if (!format) {
      this.#head = [head];
      return;
    }
    this.#head = [];
    this.#reader = readerOf(format, this.#name, this.#traces);
    yield* this.#reader.take(withoutMark(head));
  }
}

function readerOf(format: Format, file: string, traces: TapTraces): FormatReader {
  switch (format.kind) {
    case "har":
      return new HarFile(file);
    case "tap":
      return new TapJsonFile(file, traces);
    case "tapProto":
    case "tapProtoDelimited":
      return new TapProtoFile(file, traces, format.kind === "tapProtoDelimited");
    case "lines":
      return new JsonLineFile(file);
    case "none":
      return unreadable(file, format.problem);
  }
}

function unreadable(file: string, problem: string): FormatReader {
  return { take: () => [], end: () => [{ ok: false, place: { file }, id: undefined, problem }] };
}
