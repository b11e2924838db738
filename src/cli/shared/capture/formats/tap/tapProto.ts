import type { HttpMessage } from "../../httpMessage.ts";
import { NotProtobuf, protoFields } from "./protoFields.ts";
import { NOT_HTTP, statusIn } from "./tapJson.ts";
import type { TapBody, TapMessage, TapPiece } from "./tapMessage.ts";

/** Reads a `TraceWrapper` of envoy/data/tap/v3 in protobuf. Total on any bytes. */
export function readTapProto(bytes: Buffer): TapMessage {
  try {
    for (const field of protoFields(bytes)) {
      if (field.number === 1 && field.bytes) return bufferedTrace(field.bytes);
      if (field.number === 2 && field.bytes) return segment(field.bytes);
    }
    return { kind: "unreadable", problem: NOT_HTTP };
  } catch (error) {
    if (!(error instanceof NotProtobuf)) throw error;
    return { kind: "unreadable", problem: "is not a trace of Envoy in protobuf; it may have been truncated" };
  }
}

function bufferedTrace(trace: Buffer): TapMessage {
  const [request, response] = [1, 2].map((number) => within(trace, number));
  const body = request && within(request, 2);
  const time = request && within(request, 4);
  return {
    kind: "buffered",
    trace: {
      headers: request ? headersOf(request) : [],
      body: body && bodyOf(body),
      time: time && timeOf(time),
      status: response && statusIn(headersOf(response)),
    },
  };
}

function segment(bytes: Buffer): TapMessage {
  let traceId = "";
  let piece: TapPiece = { kind: "other" };
  for (const { number, value, bytes: content } of protoFields(bytes)) {
    if (number === 1) traceId = String(value);
    else if (content) piece = pieceOf(number, content);
  }
  return { kind: "segment", traceId, piece };
}

function pieceOf(number: number, content: Buffer): TapPiece {
  if (number === 2) return { kind: "headers", headers: headersOf(content) };
  if (number === 3) return { kind: "body", body: bodyOf(content) };
  return number === 5 ? { kind: "response", status: statusIn(headersOf(content)) } : { kind: "other" };
}

/** A HeaderMap, or a message whose first field is a list of headers too. */
function headersOf(message: Buffer): HttpMessage["headers"] {
  return [...protoFields(message)].flatMap(({ number, bytes }) =>
    number === 1 && bytes ? [headerOf(bytes)] : [],
  );
}

function headerOf(header: Buffer): readonly [string, string] {
  const [key = "", value = "", raw = ""] = [1, 2, 3].map((number) =>
    within(header, number)?.toString("latin1"),
  );
  return [key, value || raw];
}

function bodyOf(body: Buffer): TapBody {
  const isTruncated = [...protoFields(body)].some(({ number, value }) => number === 3 && value === 1n);
  const text = within(body, 2);
  return { bytes: text ?? within(body, 1) ?? Buffer.alloc(0), isTruncated, isText: text !== undefined };
}

/** A google.protobuf.Timestamp in epoch milliseconds. */
function timeOf(timestamp: Buffer): number {
  const [seconds = 0, nanos = 0] = [1, 2].map((number) =>
    Number([...protoFields(timestamp)].find((field) => field.number === number)?.value ?? 0n),
  );
  return seconds * 1_000 + nanos / 1_000_000;
}

function within(message: Buffer, number: number): Buffer | undefined {
  return [...protoFields(message)].find((field) => field.number === number)?.bytes;
}
