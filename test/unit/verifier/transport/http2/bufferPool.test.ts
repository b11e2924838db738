import { describe, expect, test } from "@jest/globals";
import { BufferPool } from "../../../../../src/verifier/transport/http2/bufferPool.ts";

const MIB = 1_048_576;

describe("buffers for large messages", () => {
  test("are used again for messages of about their size, and for no longer ones", () => {
    const pool = new BufferPool();
    const first = pool.take(MIB);
    pool.give(first);
    const longer = pool.take(MIB + 1);
    expect(longer).not.toBe(first);
    expect(longer.length).toBeLessThanOrEqual(1.25 * (MIB + 1));
    expect(pool.take(MIB - 1)).toBe(first);
  });

  test("are kept while they are in use between two trims", () => {
    const pool = new BufferPool();
    const buffer = pool.take(MIB);
    pool.give(buffer);
    for (let round = 0; round < 3; round += 1) {
      pool.trim();
      expect(pool.take(MIB)).toBe(buffer);
      pool.give(buffer);
    }
  });

  test("are freed by the second trim after their last use, and others of their size that were not needed", () => {
    const pool = new BufferPool();
    const buffers = Array.from({ length: 3 }, () => pool.take(MIB));
    for (const buffer of buffers) pool.give(buffer);
    pool.trim();
    pool.give(pool.take(MIB));
    pool.trim();
    expect(pool.freeBytes).toBe(MIB);
    expect(buffers.map(({ length }) => length).sort()).toEqual([0, 0, MIB]);
    pool.trim();
    expect(pool.freeBytes).toBe(0);
    expect(buffers.every(({ length }) => length === 0)).toBe(true);
  });

  test("are not kept beyond 64 MiB, nor small ones", () => {
    const pool = new BufferPool();
    const buffers = Array.from({ length: 5 }, () => pool.take(16 * MIB));
    for (const buffer of buffers) pool.give(buffer);
    pool.give(pool.take(1_000));
    expect(pool.freeBytes).toBe(64 * MIB);
    expect(buffers[4]).toHaveLength(0);
  });
});
