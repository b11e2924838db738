import { errorCodeOrName } from "../../../base/errorCode.ts";
import { parseJson } from "../../../base/json.ts";
import { StoreUnavailable } from "../../store.ts";
import { statusOf } from "../apiStatus.ts";
import type { Connection } from "../connection.ts";
import { type RawObject, rawObject } from "../objects.ts";
import { type Resource, selection } from "./list.ts";

/** The receiver of watch events, in order. */
export interface WatchListener {
  changed(object: RawObject): void;
  /** The object's version is that of its deletion, or of the change after which it is no longer selected. */
  deleted(object: RawObject): void;
  /** Every event up to this version has been delivered. */
  bookmark(version: string): void;
}

export interface WatchTimes {
  /** The server ends the watch after this time; that end is not a failure. */
  readonly seconds: number;
  /** The watch fails after this time without any event. Bookmarks arrive every minute. */
  readonly silenceMs: number;
}

/**
 * How a watch ended. After `over` the next watch continues from the last version. After every other end an event may have been
 * missed, so a relist is needed. `stopped`: the signal aborted.
 */
export type WatchEnd =
  | { readonly kind: "over" }
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly why: string };

/** A longer line cannot be an event: the API server stores no object of that size. */
const MAX_LINE = 16_777_216;

/** Watches a resource from a version on. Server and network failures are returned, never thrown. */
export async function watchOnce(
  connection: Connection,
  resource: Resource,
  from: string,
  listener: WatchListener,
  times: WatchTimes,
  signal: AbortSignal,
): Promise<WatchEnd> {
  const query = {
    ...selection(resource),
    watch: "true",
    allowWatchBookmarks: "true",
    resourceVersion: from,
    timeoutSeconds: String(times.seconds),
  };
  try {
    const { status, chunks } = await connection.stream(resource.path, { query, signal }, times.silenceMs);
    if (status !== 200) {
      await drain(chunks);
      return { kind: "failed", why: `returned ${status}` };
    }
    for await (const line of linesOf(chunks)) {
      const problem = tell(line, listener);
      if (problem !== undefined) return { kind: "failed", why: problem };
    }
    return signal.aborted ? { kind: "stopped" } : { kind: "over" };
  } catch (error) {
    if (signal.aborted) return { kind: "stopped" };
    return {
      kind: "failed",
      why: error instanceof StoreUnavailable ? error.message : errorCodeOrName(error),
    };
  }
}

/** The lines of a stream of UTF-8; a character may be cut between two chunks. An unterminated line is dropped. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  for await (const chunk of chunks) {
    const parts = decoder.decode(chunk, { stream: true }).split("\n");
    for (const part of parts.splice(0, parts.length - 1)) {
      yield rest + part;
      rest = "";
    }
    rest += parts[0] ?? "";
    if (rest.length > MAX_LINE) throw new RangeError("a line of the watch is too long");
  }
}

/** Delivers one event. Returns why the watch cannot continue; undefined if it can. */
function tell(line: string, listener: WatchListener): string | undefined {
  const { type, object } = eventOf(line);
  if (type === "ERROR") return `ended with ${statusOf(object).reason || "an error"}`;
  if (type === "BOOKMARK") {
    const version: unknown = Object(Object(object).metadata).resourceVersion;
    if (typeof version === "string") listener.bookmark(version);
    return undefined;
  }
  const read = rawObject(object);
  if (!read) return "sent something that is not an event";
  if (type === "ADDED" || type === "MODIFIED") listener.changed(read);
  else if (type === "DELETED") listener.deleted(read);
  else return "sent an event of an unknown type";
  return undefined;
}

function eventOf(line: string): { readonly type?: unknown; readonly object?: unknown } {
  return Object(parseJson(line));
}

/** Drains the rest of an unused response, so that its connection can be reused. */
async function drain(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > 1_048_576) return;
  }
}
