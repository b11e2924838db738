import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { BufferPool } from "../../../../../src/verifier/transport/http2/bufferPool.ts";
import { MessageReader } from "../../../../../src/verifier/transport/http2/messageReader.ts";
import { Refusal } from "../../../../../src/verifier/transport/http2/refusal.ts";
import { framed } from "../../../../transport/harness.ts";

const MAX = 1_000;

/** What comes of these chunks: the message, or the grpc-status of the refusal. */
function read(chunks: readonly Buffer[], encoding?: string): Buffer | unknown {
  const reader = new MessageReader(MAX, new BufferPool(), encoding);
  for (const chunk of chunks) {
    const refusal = reader.push(chunk);
    if (refusal) return refusal.headers["grpc-status"];
  }
  const message = reader.finish();
  return message instanceof Refusal ? message.headers["grpc-status"] : message;
}

/** Cuts the bytes at these places. */
function cut(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

test("a message is the same however it is cut into chunks", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: MAX }), fc.array(fc.nat(), { maxLength: 12 }), (bytes, places) => {
      const message = Buffer.from(bytes);
      expect(read(cut(framed(message), places))).toEqual(message);
    }),
  );
});

test("whatever comes is a message or a refusal, and the same however it is cut", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.array(fc.nat(), { maxLength: 5 }), (bytes, places) => {
      const whole = read([Buffer.from(bytes)]);
      expect(Buffer.isBuffer(whole) || typeof whole === "string").toBe(true);
      expect(read(cut(Buffer.from(bytes), places))).toEqual(whole);
    }),
  );
});

const message = Buffer.from("a message");
const cases: Record<string, [Buffer, string, string?]> = {
  "nothing is refused": [Buffer.alloc(0), "13"],
  "half a prefix is refused": [framed(message).subarray(0, 4), "13"],
  "a message that ends early is refused": [framed(message).subarray(0, 10), "13"],
  "a second message is refused": [Buffer.concat([framed(message), framed(message)]), "13"],
  "a message of one byte too many is refused": [framed(Buffer.alloc(MAX + 1)), "8"],
  "a length of 4 GiB is refused": [Buffer.from([0, 255, 255, 255, 255]), "8"],
  "a compressed message without an encoding is refused": [framed(message, 1), "13"],
  "a compressed message of encoding identity is refused": [framed(message, 1), "13", "identity"],
  "a compressed message of another encoding is not supported": [framed(message, 1), "12", "gzip"],
  "a flag that is neither 0 nor 1 is refused": [framed(message, 2), "13", "gzip"],
};
test.each(Object.entries(cases))("%s", (_, [bytes, status, encoding]) => {
  expect(read([bytes], encoding)).toBe(status);
});

describe("a reader holds", () => {
  test("what has arrived, not what the prefix promises", () => {
    const reader = new MessageReader(2 ** 30, new BufferPool(), undefined);
    reader.push(Buffer.from([0, 0x30, 0, 0, 0, 1, 2, 3]));
    expect(reader.held).toBe(8);
  });

  test("at most five times of what has arrived", () => {
    const bytes = framed(Buffer.alloc(500_000));
    const reader = new MessageReader(500_000, new BufferPool(), undefined);
    for (let at = 0; at < bytes.length; at += 333) {
      reader.push(bytes.subarray(at, at + 333));
      expect(reader.held).toBeLessThanOrEqual(5 * Math.min(at + 333, bytes.length));
    }
    expect(reader.finish()).toEqual(bytes.subarray(5));
  });

  test("a large buffer that another message used, without its content", () => {
    const pool = new BufferPool();
    const readFrom = (byte: number, length: number) => {
      const reader = new MessageReader(500_000, pool, undefined);
      reader.push(framed(Buffer.alloc(length, byte)));
      const message = reader.finish();
      if (message instanceof Refusal) throw new Error("a whole message");
      return { reader, message };
    };
    const first = readFrom(1, 200_000);
    first.reader.release();
    const second = readFrom(2, 199_000);
    expect(second.message.buffer).toBe(first.message.buffer);
    expect(second.message.equals(Buffer.alloc(199_000, 2))).toBe(true);
    const third = readFrom(3, 199_000);
    expect(third.message.buffer).not.toBe(second.message.buffer);
  });

  test("bytes of its own, not those of the connection", () => {
    const socket = Buffer.alloc(65_536);
    const chunk = socket.subarray(0, 6);
    chunk[4] = 1;
    const reader = new MessageReader(MAX, new BufferPool(), undefined);
    reader.push(chunk);
    chunk[5] = 7;
    expect(reader.finish()).toEqual(Buffer.from([0]));
  });
});
