/** Builds messages from their fields; nesting is concatenation of encoded parts. Cursor reads them. */
export function message(...fields: readonly Buffer[]): Buffer {
  return Buffer.concat(fields);
}

/** A field with a length: bytes, a nested message, or text. */
export function lengthField(number: number, content: Buffer | string): Buffer {
  const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : content;
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

export function varintField(number: number, value: number): Buffer {
  return Buffer.concat([varint(number * 8), varint(value)]);
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

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}
