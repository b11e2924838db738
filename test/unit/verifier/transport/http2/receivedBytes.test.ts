import { expect, test } from "@jest/globals";
import { ReceivedBytes } from "../../../../../src/verifier/transport/http2/receivedBytes.ts";

const MIB = 1_048_576;

test("young objects are collected after every 4 MiB that were received", () => {
  const calls: unknown[] = [];
  const received = new ReceivedBytes((options) => calls.push(options));
  const counts = Array.from({ length: 10 }, () => {
    received.add(MIB);
    return calls.length;
  });
  expect([counts[2], counts[3], counts[6], counts[7], counts[9]]).toEqual([0, 1, 1, 2, 2]);
  expect(calls[0]).toEqual({ type: "minor", execution: "sync" });
});

test("chunks that were read are freed without a full collection", () => {
  const received = new ReceivedBytes();
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 2_048; i += 1) received.add(Buffer.allocUnsafeSlow(65_536).length);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * MIB);
  expect("gc" in globalThis).toBe(false);
});
