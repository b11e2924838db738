import { valuesOf } from "../../checkedRequest.ts";
import { BODYLESS } from "../bodyless.ts";
import type { TapRequest } from "./tapMessage.ts";

/** The body that the tap recorded. `gap` is why its bytes are not known; default: they are. */
interface RecordedBody {
  readonly bytes: Buffer;
  readonly gap?: string;
}

/** Joins the parts of the body, and checks that they are the whole: a request that Envoy replied to early has less of it, or nothing. */
export function tapBody({
  headers = [],
  body,
  status,
}: Pick<TapRequest, "headers" | "body" | "status">): RecordedBody {
  const bytes = Buffer.concat(body.map((part) => part.bytes));
  if (body.some(({ isTruncated }) => isTruncated))
    return {
      bytes,
      gap: `Envoy recorded only ${bytes.length} bytes of its body: raise max_buffered_rx_bytes of the tap`,
    };
  const [length, ...more] = valuesOf(headers, "content-length");
  if (length !== undefined && more.length === 0 && /^\d+$/.test(length)) {
    const isWhole = Number(length) === bytes.length;
    return isWhole
      ? { bytes }
      : { bytes, gap: `the capture has ${bytes.length} of ${length} bytes of its body` };
  }
  const [method = ""] = valuesOf(headers, ":method");
  if (bytes.length === 0 && BODYLESS.has(method)) return { bytes };
  if (bytes.length === 0)
    return { bytes, gap: "the capture has no body, and Envoy may have replied before it had read one" };
  const mayBeCut = status === undefined || status === "408" || status === "413";
  return mayBeCut ? { bytes, gap: "the request ended before Envoy had read its whole body" } : { bytes };
}
