import { describe, expect, test } from "@jest/globals";
import { Allowance } from "../../../src/verifier/allowance.ts";
import { KeyMemory } from "../../../src/verifier/keyMemory.ts";

describe("what a verifier remembers of a key", () => {
  test("is the form that verified last", () => {
    const memory = new KeyMemory();
    expect(memory.hints("k", 0)).toEqual({});
    memory.verified("k", "exact");
    memory.verified("k", "as-sent");
    expect(memory.hints("k", 0)).toEqual({ rememberedForm: "as-sent" });
    expect(memory.hints("other", 0)).toEqual({});
  });

  test("P33: after many failures only the likely forms are tried, until they are forgiven", () => {
    const memory = new KeyMemory();
    memory.verified("k", "exact");
    for (let count = 0; count < 20; count++) memory.failed("k", 1_000);
    expect(memory.hints("k", 1_000).likelyOnly).toBeUndefined();
    memory.failed("k", 1_000);
    expect(memory.hints("k", 1_000)).toEqual({ rememberedForm: "exact", likelyOnly: true });
    expect(memory.hints("k", 1_200).likelyOnly).toBeUndefined();
    expect(memory.hints("k", 500).likelyOnly).toBe(true);
  });

  test("is forgotten, the oldest first, beyond the bound", () => {
    const memory = new KeyMemory();
    for (let key = 0; key < 200_001; key++) memory.verified(`k${key}`, "exact");
    expect(memory.hints("k0", 0)).toEqual({});
    expect(memory.hints("k1", 0)).toEqual({ rememberedForm: "exact" });
  });
});

test("an allowance lets so many through at once, and so many a second", () => {
  const allowance = new Allowance(2);
  const takes = (now: number, count: number) => Array.from({ length: count }, () => allowance.take(now));
  expect(takes(0, 3)).toEqual([true, true, false]);
  expect(takes(499, 1)).toEqual([false]);
  expect(takes(500, 2)).toEqual([true, false]);
  expect(takes(100_000, 3)).toEqual([true, true, false]);
  expect(takes(0, 1)).toEqual([false]);
  expect(new Allowance(0).take(100_000)).toBe(false);
});
