import type { Captured } from "./captured.ts";
import { CaptureFile } from "./formats/captureFile.ts";
import { recognise } from "./formats/recognise.ts";
import { TapTraces } from "./formats/tap/tapTraces.ts";
import { parseHttpMessage } from "./httpMessage.ts";

/** Whether bytes are those of one request: a request line begins with a method, and no capture does. */
export function isHttpMessage(head: Buffer): boolean {
  return recognise(head, true)?.kind === "lines" && !/^[\s\ufeff]*\{/.test(head.toString("utf8", 0, 1_024));
}

/** The request of bytes that were received at `now` (epoch milliseconds). */
export function requestOf(file: string, bytes: Buffer, now: number): Captured {
  const read = parseHttpMessage(bytes);
  if (!read.ok) return { ok: false, place: { file }, id: undefined, problem: read.problem };
  return { ok: true, place: { file }, id: undefined, time: now, message: read.message, gaps: {} };
}

/** The requests in bytes: those of one request, received at `now` (epoch milliseconds), or a capture. */
export async function* requestsIn(name: string, bytes: Buffer, now: number): AsyncGenerator<Captured> {
  if (isHttpMessage(bytes)) {
    yield requestOf(name, bytes, now);
    return;
  }
  const traces = new TapTraces();
  const file = new CaptureFile(name, traces);
  yield* file.take(bytes);
  yield* file.end();
  yield* traces.end();
}
