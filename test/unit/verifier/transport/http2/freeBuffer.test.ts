import { expect, test } from "@jest/globals";
import { freeBuffer } from "../../../../../src/verifier/transport/http2/freeBuffer.ts";

const MIB = 1_048_576;

test("chunks that were read are freed at once", () => {
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 4_096; i += 1) freeBuffer(Buffer.allocUnsafeSlow(65_536));
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * MIB);
});

test.each([
  ["small", Buffer.alloc(16_383)],
  ["a view of a part", Buffer.alloc(65_536).subarray(1)],
  ["a view of shared memory", Buffer.from(new SharedArrayBuffer(65_536))],
])("a chunk that is %s is left alone", (_, chunk) => {
  const { length } = chunk;
  freeBuffer(chunk);
  expect(chunk).toHaveLength(length);
});
