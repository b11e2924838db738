import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { MemoryNonces } from "../../../../src/verifier/nonces/memoryNonces.ts";

const LIMITS = { entries: 10, entriesPerApplication: 6 };

/** A store with a clock that the test moves. */
function stage(limits = LIMITS) {
  const clock = { now: 0 };
  const store = new MemoryNonces(() => clock.now, limits);
  const claim = (id: string, change: { app?: string; request?: string; windowMs?: number } = {}) =>
    store.claim({
      id,
      applicationId: change.app ?? "app-a",
      requestId: change.request ?? "",
      windowMs: change.windowMs ?? 1_000,
    });
  return { clock, store, claim };
}

describe("a store in memory", () => {
  test("accepts a nonce once until its window has ended, and then again", () => {
    const { clock, claim } = stage();
    expect(claim("n")).toBe("first");
    clock.now = 999;
    expect(claim("n")).toBe("repeated");
    clock.now = 1_000;
    expect(claim("n")).toBe("first");
    clock.now = 1_999;
    expect(claim("n")).toBe("repeated");
  });

  test("takes a Check that Envoy repeats for the same request, and no other", () => {
    const { claim } = stage();
    expect(claim("n", { request: "17" })).toBe("first");
    expect(claim("n", { request: "17" })).toBe("first");
    expect(claim("n", { request: "18" })).toBe("repeated");
    expect(claim("n")).toBe("repeated");
    expect(claim("m")).toBe("first");
    expect(claim("m")).toBe("repeated");
  });

  test("does not keep a request id that is longer than one of Envoy's", () => {
    const { claim } = stage();
    const request = "7".repeat(33);
    expect(claim("n", { request })).toBe("first");
    expect(claim("n", { request })).toBe("repeated");
  });

  test("forgets nothing when it is full, and has room again when windows have ended", () => {
    const { clock, store, claim } = stage({ entries: 3, entriesPerApplication: 3 });
    expect(["a", "b", "c", "d"].map((id) => claim(id))).toEqual(["first", "first", "first", "full"]);
    expect(claim("a")).toBe("repeated");
    clock.now = 2_000;
    expect(claim("d")).toBe("first");
    expect(store.size).toBe(1);
  });

  test("leaves room for other Applications when one has used up its share", () => {
    const { clock, claim } = stage({ entries: 3, entriesPerApplication: 2 });
    expect(["a", "b", "c"].map((id) => claim(id))).toEqual(["first", "first", "full"]);
    expect(claim("d", { app: "app-b" })).toBe("first");
    clock.now = 2_000;
    expect(["e", "f", "g"].map((id) => claim(id))).toEqual(["first", "first", "full"]);
  });

  test("accepts a nonce exactly when no other request has claimed it within its window, whatever the order of claims", () => {
    const step = fc.record({
      id: fc.constantFrom("a", "b", "c", "d", "e"),
      app: fc.constantFrom("app-a", "app-b"),
      passed: fc.nat(900),
      windowMs: fc.integer({ min: 1, max: 3_000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { clock, store, claim } = stage({ entries: 1_000, entriesPerApplication: 1_000 });
        const ends = new Map<string, number>();
        for (const { id, app, passed, windowMs } of steps) {
          clock.now += passed;
          const isKnown = clock.now < (ends.get(id) ?? 0);
          expect(claim(id, { app, windowMs })).toBe(isKnown ? "repeated" : "first");
          if (!isKnown) ends.set(id, clock.now + windowMs);
        }
        clock.now += 10_000;
        claim("last");
        expect(store.size).toBe(1);
      }),
    );
  });
});
