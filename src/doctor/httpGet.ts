import { parseJson } from "../base/json.ts";
import { parseTime } from "../base/timestamp.ts";

/** An answer, as far as doctor reads it. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
  /** The server's clock in epoch milliseconds, cut to seconds; undefined where it tells none. */
  readonly date: number | undefined;
  /** The middle of the request by this machine's clock, epoch milliseconds. */
  readonly at: number;
}

const TIMEOUT_MS = 10_000;
/** A gateway of thousands of routes has dumps of tens of megabytes. */
const MAX_BYTES = 268_435_456;

/** Something could not be asked; the message names it and says why. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** GETs one URL. Throws Unreachable when no whole answer comes. */
export async function get(url: string): Promise<HttpAnswer> {
  const began = Date.now();
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: "manual" });
    const at = (began + Date.now()) / 2;
    const body = await read(response);
    return { status: response.status, body, at, date: parseTime(response.headers.get("date") ?? "") };
  } catch (error) {
    throw new Unreachable(`${url}: ${causeOf(error)}`);
  }
}

/** GETs JSON. Throws Unreachable for anything else. */
export async function getJson(url: string): Promise<unknown> {
  const { status, body } = await get(url);
  if (status !== 200) throw new Unreachable(`${url} was answered ${status}`);
  const value = parseJson(body);
  if (value === undefined) throw new Unreachable(`${url} was not answered with JSON`);
  return value;
}

async function read(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new Error("its answer is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** fetch says only that it failed; its cause says why. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown error";
  const { cause } = error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (code !== "") return code;
  return error.name === "TimeoutError" ? `no answer in ${TIMEOUT_MS / 1_000} s` : error.message;
}
