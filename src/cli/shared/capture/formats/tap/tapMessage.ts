import type { Place } from "../../captured.ts";
import type { HttpMessage } from "../../httpMessage.ts";

/** A body, or a part of one, as Envoy recorded it. */
export interface TapBody {
  readonly bytes: Buffer;
  /** Whether Envoy recorded only its beginning. */
  readonly isTruncated: boolean;
  /** Whether it was recorded as text, in which Envoy replaces bytes that are not UTF-8 by blanks (seen on 1.40.0). */
  readonly isText: boolean;
}

/** One `TraceWrapper` of Envoy's tap, as far as a decision needs it. */
export type TapMessage =
  /** A whole request, as it was when its stream ended. */
  | { readonly kind: "buffered"; readonly trace: BufferedTrace }
  /** A part of a request, as it was when Envoy received it. */
  | { readonly kind: "segment"; readonly traceId: string; readonly piece: TapPiece }
  | { readonly kind: "unreadable"; readonly problem: string };

interface BufferedTrace {
  readonly headers: HttpMessage["headers"];
  readonly body: TapBody | undefined;
  /** Epoch milliseconds. */
  readonly time: number | undefined;
  /** The status of the response; undefined if there was no response. */
  readonly status: string | undefined;
}

export type TapPiece =
  | { readonly kind: "headers"; readonly headers: HttpMessage["headers"] }
  | { readonly kind: "body"; readonly body: TapBody }
  | { readonly kind: "response"; readonly status: string | undefined }
  /** Trailers, and the body of the response. */
  | { readonly kind: "other" };

/** A request as Envoy's tap recorded it. */
export interface TapRequest {
  readonly place: Place;
  readonly traceId: string | undefined;
  /** Undefined if they were not recorded. */
  readonly headers: HttpMessage["headers"] | undefined;
  /** In the order received. */
  readonly body: readonly TapBody[];
  /** Epoch milliseconds; of a buffered trace. */
  readonly time: number | undefined;
  /** The status of the response; undefined if none was recorded. */
  readonly status: string | undefined;
  /** Whether the headers are those at the end of the request, when filters and the route had changed them (seen on Envoy 1.40.0). */
  readonly isBuffered: boolean;
}
