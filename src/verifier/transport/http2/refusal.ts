import { encodeHeaders } from "./wire/hpack/encode.ts";

export const CONTENT_TYPE = "application/grpc";

/** The codes of https://grpc.github.io/grpc/core/md_doc_statuscodes.html that the transport itself sends. */
export const STATUS = {
  deadlineExceeded: 4,
  notFound: 5,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
} as const;

/** Why a call is not handed on: a response that has neither body nor trailers. */
export class Refusal {
  readonly headers: Readonly<Record<string, string>>;
  /** The same as a header block. */
  readonly block: Buffer;

  constructor(headers: Readonly<Record<string, string>>) {
    this.headers = headers;
    this.block = encodeHeaders(headers);
  }
}

/** A trailers-only response. `message` is ASCII without `%`, so that it needs no percent-encoding. */
export function grpcRefusal(
  code: number,
  message: string,
  more: Readonly<Record<string, string>> = {},
): Refusal {
  return new Refusal({
    ":status": "200",
    "content-type": CONTENT_TYPE,
    "grpc-status": String(code),
    "grpc-message": message,
    ...more,
  });
}
