import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { AdaptiveLimit, type Load } from "../../../../src/operator/run/adaptiveLimit.ts";

const replied = (ms: number): Load => ({ kind: "replied", ms });
const FAILED: Load = { kind: "failed" };
const times = (count: number, load: Load) => Array.from({ length: count }, () => load);

/** The limit after these writes, while as many objects as allowed are reconciled. */
function limitAfter(loads: readonly Load[], most = 32): number {
  const limit = new AdaptiveLimit(most);
  for (const load of loads) limit.note(load, limit.value);
  return limit.value;
}

describe("the number of objects that are reconciled concurrently", () => {
  const rows: Record<string, [readonly Load[], number]> = {
    "is 8 at the start": [[], 8],
    "is unchanged before a round is complete": [times(7, replied(5)), 8],
    "grows by one after a round of quick writes": [times(8, replied(5)), 9],
    "grows by one per round": [times(8 + 9 + 10, replied(5)), 11],
    "does not grow if one write of the round was slow": [[replied(60), ...times(7, replied(5))], 8],
    "grows again in the round after a slow one": [[replied(60), ...times(7 + 8, replied(5))], 9],
    "stays while writes are slow": [times(1_000, replied(200)), 8],
    "is halved when a write fails": [[FAILED], 4],
    "is halved when a write takes a second, as one with Retry-After does": [[replied(1_000)], 4],
    "is halved once for the writes that were in flight together": [times(4, FAILED), 4],
    "is halved again if the next round fails too": [times(6, FAILED), 2],
    "is never less than 1": [times(100, FAILED), 1],
    "recovers from 1": [[...times(100, FAILED), ...times(3, replied(5))], 3],
    "is bounded": [times(10_000, replied(1)), 32],
  };
  test.each(Object.entries(rows))("%s", (_, [loads, expected]) => {
    expect(limitAfter(loads)).toBe(expected);
  });

  test("starts at the bound if that is lower", () => {
    expect(limitAfter([], 3)).toBe(3);
  });

  test("does not grow while fewer objects are reconciled than it allows", () => {
    const limit = new AdaptiveLimit(32);
    for (let writes = 0; writes < 100; writes++) limit.note(replied(1), 2);
    expect(limit.value).toBe(8);
  });

  test("stays within its bounds, and never grows by more than one per write, whatever happens", () => {
    const loads = fc.array(fc.oneof(fc.constant(FAILED), fc.nat(2_000).map(replied)), { maxLength: 400 });
    fc.assert(
      fc.property(loads, fc.integer({ min: 1, max: 256 }), (all, most) => {
        const limit = new AdaptiveLimit(most);
        for (const load of all) {
          const before = limit.value;
          limit.note(load, before);
          expect(limit.value).toBeGreaterThanOrEqual(Math.max(1, Math.floor(before / 2)));
          expect(limit.value).toBeLessThanOrEqual(Math.min(most, before + 1));
        }
      }),
    );
  });
});
