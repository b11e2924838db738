import type { Captured, Place } from "../../captured.ts";
import type { HttpMessage } from "../../httpMessage.ts";
import { BODYLESS } from "../bodyless.ts";
import type { TapBody, TapMessage, TapPiece } from "./tapMessage.ts";
import { tapRequest } from "./tapRequest.ts";

/** Unfinished requests beyond these limits are ended, the oldest first, so that memory stays bounded. */
const MAX_UNFINISHED = 1_000;
const MAX_UNFINISHED_BYTES = 67_108_864;

/** The segments of one request so far. */
interface Trace {
  readonly id: string;
  readonly place: Place;
  headers: HttpMessage["headers"] | undefined;
  readonly body: TapBody[];
  size: number;
  hasResponse: boolean;
  status: string | undefined;
}

/**
 * Joins the segments of streamed traces, which may be in several files and between those of other requests. Nothing marks the last segment,
 * so a trace ends when its response began and its body is complete by Content-Length; at the end of a file that has the response; or at the
 * end of the input.
 */
export class TapTraces {
  readonly #traces = new Map<string, Trace>();
  #bytes = 0;

  *add(message: TapMessage, place: Place): Generator<Captured> {
    if (message.kind === "unreadable") yield { ok: false, place, id: undefined, problem: message.problem };
    else if (message.kind === "buffered") {
      const { headers, body, time, status } = message.trace;
      const parts = body ? [body] : [];
      yield tapRequest({
        ...{ place, traceId: undefined, headers, body: parts, time, status },
        isBuffered: true,
      });
    } else yield* this.#segment(message.traceId, message.piece, place);
  }

  /** Ends the requests whose response was seen: a file that Envoy wrote holds whole requests. */
  *endFile(): Generator<Captured> {
    for (const trace of this.#traces.values()) if (trace.hasResponse) yield this.#finish(trace);
  }

  /** Ends all requests, at the end of the input. */
  *end(): Generator<Captured> {
    for (const trace of this.#traces.values()) yield this.#finish(trace);
  }

  *#segment(id: string, piece: TapPiece, place: Place): Generator<Captured> {
    const before = this.#traces.get(id);
    // Envoy may use an id again. Parts of a request that was ended before are dropped.
    if (before?.headers && piece.kind === "headers") yield this.#finish(before);
    if (piece.kind === "other" && !this.#traces.has(id)) return;
    const trace = this.#traces.get(id) ?? this.#begin(id, place);
    this.#put(trace, piece);
    if (isComplete(trace)) yield this.#finish(trace);
    const [oldest] = this.#traces.values();
    if (oldest && (this.#traces.size > MAX_UNFINISHED || this.#bytes > MAX_UNFINISHED_BYTES))
      yield this.#finish(oldest);
  }

  #begin(id: string, place: Place): Trace {
    const trace = { id, place, headers: undefined, body: [], size: 0, hasResponse: false, status: undefined };
    this.#traces.set(id, trace);
    return trace;
  }

  #put(trace: Trace, piece: TapPiece): void {
    if (piece.kind === "headers") trace.headers = piece.headers;
    else if (piece.kind === "body") {
      trace.body.push(piece.body);
      trace.size += piece.body.bytes.length;
      this.#bytes += piece.body.bytes.length;
    } else if (piece.kind === "response") {
      trace.hasResponse = true;
      trace.status = piece.status;
    }
  }

  #finish({ id, place, headers, body, size, status }: Trace): Captured {
    this.#traces.delete(id);
    this.#bytes -= size;
    return tapRequest({
      ...{ place, traceId: id, headers, body, time: undefined, status },
      isBuffered: false,
    });
  }
}

/** Whether no more of the request can follow. */
function isComplete({ headers, size, hasResponse }: Trace): boolean {
  if (!headers || !hasResponse) return false;
  const length = headers.find(([name]) => name === "content-length")?.[1];
  if (length !== undefined) return size === Number(length);
  return size === 0 && BODYLESS.has(headers.find(([name]) => name === ":method")?.[1] ?? "");
}
