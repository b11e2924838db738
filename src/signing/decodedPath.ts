import { percentDecoded } from "./percentDecoded.ts";

/**
 * A path with its escapes decoded, as some clients sign it. Undefined for a path without escapes, and where another path of a
 * different meaning could be written the same: an escaped delimiter, text that reads as an escape after decoding, control
 * characters, or bytes that are not UTF-8.
 */
export function decodedPath(path: string): string | undefined {
  if (!path.includes("%") || /%(2f|3f|25|23|26|3b|5c)/i.test(path)) return undefined;
  const decoded = percentDecoded(path);
  return decoded !== undefined && isPlainText(decoded) ? decoded : undefined;
}

/** UTF-8 without control characters, in which nothing reads as an escape. */
function isPlainText(text: string): boolean {
  const bytes = Buffer.from(text, "latin1");
  const isUtf8 = Buffer.from(bytes.toString("utf8"), "utf8").equals(bytes);
  const hasControl = bytes.some((byte) => byte < 0x20 || byte === 0x7f);
  return isUtf8 && !hasControl && !/%[0-9A-Fa-f]{2}/.test(text);
}
