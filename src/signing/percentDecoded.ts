import { hexDigit } from "./parameters/hexDigit.ts";

/** The bytes that a percent-encoded text stands for; undefined when an escape is malformed. */
export function percentDecoded(text: string): string | undefined {
  return text.length > LONG_TEXT ? longDecoded(text) : shortDecoded(text);
}

/** Most names and values are short: a Buffer for each costs several times what it takes to decode them. */
function shortDecoded(text: string): string | undefined {
  let decoded = "";
  let from = 0;
  for (let at = text.indexOf("%"); at >= 0; at = text.indexOf("%", from)) {
    const value = hexDigit(text.charCodeAt(at + 1)) * 16 + hexDigit(text.charCodeAt(at + 2));
    if (Number.isNaN(value)) return undefined;
    decoded += text.slice(from, at) + String.fromCharCode(value);
    from = at + 3;
  }
  return from === 0 ? text : decoded + text.slice(from);
}

function longDecoded(text: string): string | undefined {
  const bytes = Buffer.from(text, "latin1");
  let end = 0;
  for (let at = 0; at < bytes.length; at += 1, end += 1) {
    const byte = bytes[at] ?? 0;
    if (byte !== PERCENT) {
      bytes[end] = byte;
      continue;
    }
    const value = hexDigit(bytes[at + 1] ?? 0) * 16 + hexDigit(bytes[at + 2] ?? 0);
    if (Number.isNaN(value)) return undefined;
    bytes[end] = value;
    at += 2;
  }
  return bytes.toString("latin1", 0, end);
}

/** Above it, joining slices costs more than a Buffer; chars. */
const LONG_TEXT = 512;
const PERCENT = 0x25;
