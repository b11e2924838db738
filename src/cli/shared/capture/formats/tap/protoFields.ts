/** Bytes that are not a protobuf message. */
export class NotProtobuf extends Error {
  override readonly name = "NotProtobuf";
}

/** One field of a protobuf message. `bytes` is undefined for a number, and `value` is 0n for one with a length. */
export interface ProtoField {
  readonly number: number;
  readonly value: bigint;
  readonly bytes: Buffer | undefined;
}

/** The fields of a message in their order. Throws NotProtobuf. */
export function* protoFields(message: Buffer): Generator<ProtoField> {
  for (let at = 0; at < message.length; ) {
    const tag = readVarint(message, at);
    if (!tag) throw new NotProtobuf("a field has no tag");
    const [number, type] = [Number(tag.value >> 3n), Number(tag.value & 7n)];
    at = tag.end;
    if (type === 0) {
      const { value, end } = readVarint(message, at) ?? cutOff();
      yield { number, value, bytes: undefined };
      at = end;
    } else {
      const { start, length } = spanOf(message, at, type);
      if (start + length > message.length) cutOff();
      if (type === 2) yield { number, value: 0n, bytes: message.subarray(start, start + length) };
      at = start + length;
    }
  }
}

/** A varint of up to 64 bits, and the place behind it; undefined if it does not end. */
export function readVarint(
  bytes: Buffer,
  start: number,
): { readonly value: bigint; readonly end: number } | undefined {
  let value = 0n;
  for (let at = start; at < start + 10; at++) {
    const byte = bytes[at];
    if (byte === undefined) return undefined;
    value |= BigInt(byte & 0x7f) << BigInt(7 * (at - start));
    if (byte < 0x80) return { value, end: at + 1 };
  }
  return undefined;
}

function spanOf(
  message: Buffer,
  at: number,
  type: number,
): { readonly start: number; readonly length: number } {
  if (type === 1) return { start: at, length: 8 };
  if (type === 5) return { start: at, length: 4 };
  if (type !== 2) throw new NotProtobuf(`wire type ${type}`);
  const { value, end } = readVarint(message, at) ?? cutOff();
  return { start: end, length: Number(value) };
}

function cutOff(): never {
  throw new NotProtobuf("a field is cut off");
}
