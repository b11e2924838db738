import { hexDigit } from "./hexDigit.ts";

/** One `name=value` of a query or a form, as byte strings. */
export interface Parameter {
  readonly name: string;
  readonly value: string;
  /** Whether it came with its `=`: `a=` and `a` are one parameter to most, but clients differ in how they sign it. */
  readonly hasEquals: boolean;
}

/** The items of a query or form text; empty items (`&&`) name nothing and are left out. The first `=` parts name and value. */
export function splitParameters(text: string): readonly Parameter[] {
  const found: Parameter[] = [];
  let equals = -1;
  for (let start = 0, end = 0; start < text.length; start = end + 1) {
    end = endOfItem(text, start);
    if (end === start) continue;
    if (equals < start) equals = indexOrEnd(text, "=", start);
    const hasEquals = equals < end;
    const name = text.slice(start, hasEquals ? equals : end);
    found.push({ name, value: hasEquals ? text.slice(equals + 1, end) : "", hasEquals });
  }
  return found;
}

/** How many items splitParameters() returns. */
export function countItems(text: string): number {
  let found = 0;
  for (let start = 0, end = 0; start < text.length; start = end + 1) {
    end = endOfItem(text, start);
    if (end > start) found += 1;
  }
  return found;
}

function endOfItem(text: string, start: number): number {
  return indexOrEnd(text, "&", start);
}

function indexOrEnd(text: string, character: string, from: number): number {
  const found = text.indexOf(character, from);
  return found < 0 ? text.length : found;
}

/** Form-decoded parameters: `+` is a blank, `%41` is `A`; undefined when an escape is malformed, since `%zz` and `%25zz` would be one. */
export function decodeParameters(parameters: readonly Parameter[]): readonly Parameter[] | undefined {
  const decoded: Parameter[] = [];
  for (const { name, value, hasEquals } of parameters) {
    const plain = { name: decode(name), value: decode(value) };
    if (plain.name === undefined || plain.value === undefined) return undefined;
    decoded.push({ name: plain.name, value: plain.value, hasEquals });
  }
  return decoded;
}

function decode(text: string): string | undefined {
  if (text.includes("+")) return percentDecoded(text.replaceAll("+", " "));
  return text.includes("%") ? percentDecoded(text) : text;
}

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
