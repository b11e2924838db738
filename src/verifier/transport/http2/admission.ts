import { CONTENT_TYPE, grpcRefusal, Refusal, STATUS } from "./refusal.ts";
import { timeoutMs } from "./timeout.ts";

/** The headers of a call, by their names. */
interface CallHeaders {
  get(name: string): string | undefined;
}

/** Statuses of HTTP, because a client that does not speak gRPC reads no others. */
const METHOD_NOT_ALLOWED = new Refusal({ ":status": "405", allow: "POST" });
const UNSUPPORTED_MEDIA_TYPE = new Refusal({ ":status": "415", accept: CONTENT_TYPE });

const MALFORMED_TIMEOUT = grpcRefusal(STATUS.internal, "malformed grpc-timeout");

/**
 * What is wrong with the headers of a call; undefined if nothing is. `te: trailers` is not asked for: some proxies leave it
 * out, and the answer would be the same.
 */
export function refusalOf(headers: CallHeaders): Refusal | undefined {
  if (headers.get(":method") !== "POST") return METHOD_NOT_ALLOWED;
  if (!isGrpc(headers.get("content-type"))) return UNSUPPORTED_MEDIA_TYPE;
  return undefined;
}

/** When the client stops waiting, in epoch milliseconds; Infinity without `grpc-timeout`. */
export function deadlineOf(headers: CallHeaders, wall: () => number): number | Refusal {
  const text = headers.get("grpc-timeout");
  if (text === undefined) return Number.POSITIVE_INFINITY;
  const ms = timeoutMs(text);
  return ms === undefined ? MALFORMED_TIMEOUT : wall() + ms;
}

/** `application/grpc`, and with a message format (`+proto`) or parameters. Not `application/grpc-web`, which is framed otherwise. */
function isGrpc(contentType: string | undefined): boolean {
  if (contentType === CONTENT_TYPE) return true;
  return contentType !== undefined && /^application\/grpc[+;]/i.test(contentType);
}
