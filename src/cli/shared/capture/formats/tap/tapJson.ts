import { isRecord, list, text } from "../../../../../base/json.ts";
import type { HttpMessage } from "../../httpMessage.ts";
import { bytes } from "../jsonLine.ts";
import { timeOfText } from "../readTime.ts";
import type { TapBody, TapMessage, TapPiece } from "./tapMessage.ts";

/** Reads a `TraceWrapper` in JSON, with names as Envoy writes them or in lowerCamelCase, as other programs write protobuf messages. */
export function readTapJson(value: unknown): TapMessage {
  const buffered = member(value, "http_buffered_trace");
  if (isRecord(buffered)) return bufferedTrace(buffered);
  const segment = member(value, "http_streamed_trace_segment");
  if (isRecord(segment)) {
    const id = member(segment, "trace_id");
    return {
      kind: "segment",
      traceId: typeof id === "number" ? String(id) : text(id),
      piece: pieceOf(segment),
    };
  }
  return { kind: "unreadable", problem: NOT_HTTP };
}

/** Why a `TraceWrapper` without an HTTP trace has no request. */
export const NOT_HTTP =
  "it has neither http_buffered_trace nor http_streamed_trace_segment: use Envoy's HTTP tap filter, not the tap of a transport socket";

function bufferedTrace(trace: unknown): TapMessage {
  const [request, response] = [member(trace, "request"), member(trace, "response")];
  const headers = headersOf(member(request, "headers"));
  return {
    kind: "buffered",
    trace: {
      headers,
      body: bodyOf(member(request, "body")),
      time: timeOfText(member(request, "headers_received_time")),
      status: statusIn(headersOf(member(response, "headers"))),
    },
  };
}

function pieceOf(segment: unknown): TapPiece {
  const request = member(segment, "request_headers");
  if (request !== undefined) return { kind: "headers", headers: headersOf(member(request, "headers")) };
  const body = bodyOf(member(segment, "request_body_chunk"));
  if (body) return { kind: "body", body };
  const response = member(segment, "response_headers");
  if (response === undefined) return { kind: "other" };
  return { kind: "response", status: statusIn(headersOf(member(response, "headers"))) };
}

function bodyOf(value: unknown): TapBody | undefined {
  if (!isRecord(value)) return undefined;
  const isTruncated = member(value, "truncated") === true;
  const asText = member(value, "as_string");
  if (typeof asText === "string") return { bytes: Buffer.from(asText, "utf8"), isTruncated, isText: true };
  return { bytes: Buffer.from(text(member(value, "as_bytes")), "base64"), isTruncated, isText: false };
}

/** `raw_value` has the bytes where `value` is empty. */
function headersOf(value: unknown): HttpMessage["headers"] {
  return list(value).map((one) => {
    const raw = Buffer.from(text(member(one, "raw_value")), "base64").toString("latin1");
    return [bytes(text(member(one, "key"))), bytes(text(member(one, "value"))) || raw] as const;
  });
}

/** The status in the headers of a response. */
export function statusIn(headers: HttpMessage["headers"]): string | undefined {
  return headers.find(([name]) => name === ":status")?.[1];
}

function member(value: unknown, name: string): unknown {
  if (!isRecord(value)) return undefined;
  if (Object.hasOwn(value, name)) return value[name];
  const camel = camelOf(name);
  return camel !== name && Object.hasOwn(value, camel) ? value[camel] : undefined;
}

/** For the few names that are used here: making one takes longer than finding it. */
const CAMEL = new Map<string, string>();

function camelOf(name: string): string {
  const known = CAMEL.get(name) ?? name.replaceAll(/_([a-z])/g, (_, letter) => letter.toUpperCase());
  CAMEL.set(name, known);
  return known;
}
