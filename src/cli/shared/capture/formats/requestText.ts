import { isUtf8 } from "node:buffer";

/** Largest text of one request. A request of the largest body that Envoy is set to buffer (16 MiB) takes 22 MiB in base64. */
export const MAX_REQUEST_BYTES = 67_108_864;

const BYTE_ORDER_MARK = Buffer.from("\ufeff");

/** The beginning of a file without a byte order mark. */
export function withoutMark(head: Buffer): Buffer {
  return head.indexOf(BYTE_ORDER_MARK) === 0 ? head.subarray(BYTE_ORDER_MARK.length) : head;
}

/** The bytes as text without a byte order mark; undefined if they are not UTF-8. */
export function utf8Of(bytes: Buffer): string | undefined {
  if (!isUtf8(bytes)) return undefined;
  const text = bytes.toString("utf8");
  return text.startsWith("\ufeff") ? text.slice(1) : text;
}
