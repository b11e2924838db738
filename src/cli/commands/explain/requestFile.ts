import { type Captured, placeText } from "../../shared/capture/captured.ts";
import { captures } from "../../shared/capture/captures.ts";
import { CaptureFile } from "../../shared/capture/formats/captureFile.ts";
import { recognise } from "../../shared/capture/formats/recognise.ts";
import { TapTraces } from "../../shared/capture/formats/tap/tapTraces.ts";
import { parseHttpMessage } from "../../shared/capture/httpMessage.ts";
import { kindOf, readHead } from "../../shared/capture/input.ts";
import { CliFailure } from "../../shared/failure.ts";
import { readBytes } from "../../shared/readInput.ts";

/** A request to explain. */
export type Request = Captured & { readonly ok: true };

/**
 * The request of a file: its bytes, which were received at `now`, or one of a capture. `id` names one of several, as `replay -o jsonl` does.
 * Throws CliFailure.
 */
export async function readRequest(file: string, id: string | undefined, now: number): Promise<Request> {
  const kind = kindOf(file);
  if (kind === "folder") return await chosen(file, captures([file]), id);
  const whole = kind === "stream" ? await readBytes(file) : undefined;
  if (isHttpMessage(whole ?? (await readHead(file)))) {
    if (id !== undefined)
      throw new CliFailure(`--id: ${file} holds the bytes of one request, which has no id`);
    return ofBytes(file, whole ?? (await readBytes(file)), now);
  }
  return await chosen(file, whole ? inBytes(file, whole) : captures([file]), id);
}

/** A request line begins with a method, and no capture does. */
function isHttpMessage(head: Buffer): boolean {
  return recognise(head, true)?.kind === "lines" && !/^[\s\ufeff]*\{/.test(head.toString("utf8", 0, 1_024));
}

function ofBytes(file: string, bytes: Buffer, now: number): Request {
  const read = parseHttpMessage(bytes);
  if (!read.ok) throw new CliFailure(`${file}: ${read.problem}`);
  return { ok: true, place: { file }, id: undefined, time: now, message: read.message, gaps: {} };
}

async function* inBytes(name: string, bytes: Buffer): AsyncGenerator<Captured> {
  const traces = new TapTraces();
  const file = new CaptureFile(name, traces);
  yield* file.take(bytes);
  yield* file.end();
  yield* traces.end();
}

async function chosen(
  file: string,
  found: AsyncIterable<Captured>,
  id: string | undefined,
): Promise<Request> {
  let only: Captured | undefined;
  for await (const captured of found) {
    if (id !== undefined && String(captured.id) !== id) continue;
    if (id === undefined && only)
      throw new CliFailure(
        `${file} holds several requests: name one by --id, as \`replay -o jsonl\` prints it`,
      );
    only = captured;
    if (id !== undefined) break;
  }
  if (!only)
    throw new CliFailure(
      id === undefined ? `${file} holds no request` : `${file} has no request with the id ${id}`,
    );
  if (!only.ok) throw new CliFailure(`${placeText(only.place)}: ${only.problem}`);
  return only;
}
