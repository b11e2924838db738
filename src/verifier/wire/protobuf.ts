/**
 * Builds messages from their fields, as byte strings (one char a byte): V8 joins strings without copying them, so nesting costs nothing,
 * and the whole is made bytes once. Cursor reads them.
 */
export function message(...fields: readonly string[]): string {
  return fields.join("");
}

/** A field with a length: a nested message, or bytes, as a byte string. */
export function lengthField(number: number, content: string): string {
  return varint(number * 8 + 2) + varint(content.length) + content;
}

/** A field with text, which is UTF-8 in the message. */
export function textField(number: number, text: string): string {
  return lengthField(number, BEYOND_ASCII.test(text) ? Buffer.from(text, "utf8").toString("latin1") : text);
}

const BEYOND_ASCII = /[\x80-\uffff]/;

export function varintField(number: number, value: number): string {
  return varint(number * 8) + varint(value);
}

/** How many bytes a field with a length takes whose number is below 16. */
export function fieldSize(length: number): number {
  let size = 2 + length;
  for (let rest = length; rest >= 0x80; rest = Math.floor(rest / 0x80)) size += 1;
  return size;
}

/** Writes tag and length of such a field; returns where its content begins. */
export function writeFieldStart(out: Buffer, start: number, number: number, length: number): number {
  let at = start;
  out[at++] = number * 8 + 2;
  let rest = length;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) out[at++] = (rest % 0x80) | 0x80;
  out[at++] = rest;
  return at;
}

function varint(value: number): string {
  let bytes = "";
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes += String.fromCharCode((rest % 0x80) | 0x80);
  return bytes + String.fromCharCode(rest);
}
