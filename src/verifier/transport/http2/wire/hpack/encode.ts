/**
 * A header block that leaves the client's table as it is, so that the same bytes serve every connection: all headers as literals
 * that are neither indexed nor compressed. Names in lower case; pseudo-headers first.
 */
export function encodeHeaders(headers: Readonly<Record<string, string>>): Buffer {
  const lines = Object.entries(headers).flatMap(([name, value]) => [LITERAL, text(name), text(value)]);
  return Buffer.concat(lines);
}

const LITERAL = Buffer.from([0]);
/** The largest length that its first byte has room for. */
const SHORT = 0x7f;

function text(value: string): Buffer {
  const bytes = Buffer.from(value, "latin1");
  const length: number[] = [Math.min(bytes.length, SHORT)];
  if (bytes.length >= SHORT) {
    let rest = bytes.length - SHORT;
    for (; rest > SHORT; rest >>= 7) length.push((rest & SHORT) | 0x80);
    length.push(rest);
  }
  return Buffer.concat([Buffer.from(length), bytes]);
}
