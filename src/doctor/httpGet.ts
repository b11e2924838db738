import { parseJson } from "../base/json.ts";
import { parseTime } from "../base/timestamp.ts";

/** A response, as far as doctor reads it. */
export interface HttpResponse {
  readonly status: number;
  readonly body: string;
  /** The server's clock by its Date header: epoch milliseconds, cut to seconds. */
  readonly date: number | undefined;
  /** The middle of the request by this machine's clock, epoch milliseconds. */
  readonly at: number;
}

const TIMEOUT_MS = 10_000;
/** A gateway with thousands of routes has dumps of tens of megabytes. */
const MAX_BYTES = 268_435_456;

/** A server did not respond, or not with what was expected; the message names it and the reason. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** GETs one URL. Throws Unreachable when there is no complete response. */
export async function httpGet(url: string): Promise<HttpResponse> {
  const began = Date.now();
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: "manual" });
    const at = (began + Date.now()) / 2;
    const body = await readBody(response);
    return { status: response.status, body, at, date: parseTime(response.headers.get("date") ?? "") };
  } catch (error) {
    throw new Unreachable(`${url}: ${causeOf(error)}`);
  }
}

/** GETs JSON. Throws Unreachable for any other response. */
export async function httpGetJson(url: string): Promise<unknown> {
  const { status, body } = await httpGet(url);
  if (status !== 200) throw new Unreachable(`${url} returned ${status}`);
  const value = parseJson(body);
  if (value === undefined) throw new Unreachable(`${url} did not return JSON`);
  return value;
}

async function readBody(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new Error("its response is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The reason of a failed fetch, which is in the cause of the error, not in its message. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown error";
  const { cause } = error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (code !== "") return code;
  return error.name === "TimeoutError" ? `no response within ${TIMEOUT_MS / 1_000} s` : error.message;
}
