import { type Captured, placeText } from "../../shared/capture/captured.ts";
import { captures } from "../../shared/capture/captures.ts";
import { kindOf, readHead } from "../../shared/capture/input.ts";
import { isHttpMessage, requestOf, requestsIn } from "../../shared/capture/requestsIn.ts";
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
    return orFail(file, requestOf(file, whole ?? (await readBytes(file)), now));
  }
  return await chosen(file, whole ? requestsIn(file, whole, now) : captures([file]), id);
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
  return orFail(placeText(only.place), only);
}

function orFail(place: string, captured: Captured): Request {
  if (!captured.ok) throw new CliFailure(`${place}: ${captured.problem}`);
  return captured;
}
