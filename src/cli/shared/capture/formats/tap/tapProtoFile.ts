import type { Captured } from "../../captured.ts";
import { MAX_REQUEST_BYTES } from "../requestText.ts";
import { readVarint } from "./protoFields.ts";
import { readTapProto } from "./tapProto.ts";
import type { TapTraces } from "./tapTraces.ts";

/** Reads Envoy's tap in protobuf from its chunks: one trace (PROTO_BINARY), or traces with their lengths (PROTO_BINARY_LENGTH_DELIMITED). */
export class TapProtoFile {
  readonly #file: string;
  readonly #traces: TapTraces;
  readonly #isDelimited: boolean;
  #pending: Buffer[] = [];
  #size = 0;
  /** How many bytes are needed before the next trace is complete. */
  #needed = 1;
  #problem: string | undefined;

  constructor(file: string, traces: TapTraces, isDelimited: boolean) {
    this.#file = file;
    this.#traces = traces;
    this.#isDelimited = isDelimited;
  }

  *take(chunk: Buffer): Generator<Captured> {
    if (this.#problem !== undefined) return;
    this.#pending.push(chunk);
    this.#size += chunk.length;
    if (this.#isDelimited && this.#size >= this.#needed) yield* this.#delimited(Buffer.concat(this.#pending));
    if (this.#size > MAX_REQUEST_BYTES) this.#fail(`a trace is longer than ${MAX_REQUEST_BYTES} bytes`);
  }

  *end(): Generator<Captured> {
    const place = { file: this.#file };
    if (!this.#isDelimited && this.#problem === undefined)
      yield* this.#traces.add(readTapProto(Buffer.concat(this.#pending)), place);
    else if (this.#size > 0) this.#fail("the last trace ends in the middle; it may have been truncated");
    if (this.#problem !== undefined) yield { ok: false, place, id: undefined, problem: this.#problem };
    yield* this.#traces.endFile();
  }

  *#delimited(bytes: Buffer): Generator<Captured> {
    let at = 0;
    for (;;) {
      const length = readVarint(bytes, at);
      const end = length ? length.end + Number(length.value) : at + 1;
      this.#needed = Math.max(end, at + 1) - at;
      if (!length || end > bytes.length) break;
      yield* this.#traces.add(readTapProto(bytes.subarray(length.end, end)), { file: this.#file });
      at = end;
    }
    this.#pending = at < bytes.length ? [bytes.subarray(at)] : [];
    this.#size = bytes.length - at;
  }

  #fail(problem: string): void {
    this.#problem ??= problem;
    this.#pending = [];
    this.#size = 0;
  }
}
