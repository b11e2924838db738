import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from "node:http2";

export const CONTENT_TYPE = "application/grpc";

/** The codes of https://grpc.github.io/grpc/core/md_doc_statuscodes.html that the transport itself sends. */
export const STATUS = {
  deadlineExceeded: 4,
  notFound: 5,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
} as const;

/** Why a call is not handed on: the headers of a response that has no body and no trailers. */
export class Refusal {
  readonly headers: OutgoingHttpHeaders;

  constructor(headers: OutgoingHttpHeaders) {
    this.headers = headers;
  }
}

/** A trailers-only response. `message` is ASCII without `%`, so that it needs no percent-encoding. */
export function grpcRefusal(code: number, message: string, more: OutgoingHttpHeaders = {}): Refusal {
  return new Refusal({
    ":status": 200,
    "content-type": CONTENT_TYPE,
    "grpc-status": String(code),
    "grpc-message": message,
    ...more,
  });
}

const END = { endStream: true };

/** Ends the call. A client that is still sending is asked to stop, because nothing reads the rest of its message. */
export function refuse(stream: ServerHttp2Stream, { headers }: Refusal): void {
  if (stream.destroyed || stream.closed || stream.headersSent) return;
  stream.respond(headers, END);
  if (!stream.readableEnded) stream.close(constants.NGHTTP2_NO_ERROR);
}
