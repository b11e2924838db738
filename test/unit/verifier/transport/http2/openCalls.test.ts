import { describe, expect, test } from "@jest/globals";
import { type OpenCall, OpenCalls } from "../../../../../src/verifier/transport/http2/openCalls.ts";
import type { Refusal } from "../../../../../src/verifier/transport/http2/refusal.ts";

class TestCall implements OpenCall {
  readonly deadline: number;
  readonly tick: number;
  held = 0;
  older: OpenCall | undefined;
  newer: OpenCall | undefined;
  status: unknown;
  readonly #open: OpenCalls;

  constructor(open: OpenCalls, deadline = Number.POSITIVE_INFINITY) {
    this.deadline = deadline;
    this.tick = open.tick;
    this.#open = open;
    open.add(this);
  }

  hold(bytes: number): void {
    const change = bytes - this.held;
    this.held = bytes;
    this.#open.hold(change);
  }

  abandon(refusal: Refusal): void {
    this.status = refusal.headers["grpc-status"];
    this.hold(0);
  }
}

const open = (maxCalls = 3, maxHeldBytes = 100) => new OpenCalls({ maxCalls, maxHeldBytes });
const add = (calls: OpenCalls, count: number) => Array.from({ length: count }, () => new TestCall(calls));
const statuses = (calls: readonly TestCall[]) => calls.map(({ status }) => status);

describe("of too many open calls the oldest are ended", () => {
  test("by their number", () => {
    expect(statuses(add(open(), 5))).toEqual(["8", "8", undefined, undefined, undefined]);
  });

  test("by the bytes that they hold, until those of the others fit", () => {
    const calls = open();
    const [first, second, third] = add(calls, 3) as [TestCall, TestCall, TestCall];
    first.hold(40);
    second.hold(60);
    expect(statuses([first, second, third])).toEqual([undefined, undefined, undefined]);
    third.hold(90);
    expect(statuses([first, second, third])).toEqual(["8", "8", undefined]);
  });

  test("even if only one holds too much", () => {
    const [call] = add(open(), 1) as [TestCall];
    call.hold(101);
    expect(call.status).toBe("8");
  });
});

test("a call that has ended makes room, once", () => {
  const calls = open();
  const [first, second] = add(calls, 2) as [TestCall, TestCall];
  first.hold(100);
  calls.remove(first);
  calls.remove(first);
  second.hold(100);
  expect(second.status).toBeUndefined();
  second.hold(101);
  expect(second.status).toBe("8");
});

test("a call is ended when its deadline has passed, or after its time", () => {
  const calls = open();
  const [late, early] = [new TestCall(calls, 1_000), new TestCall(calls, 9_000)];
  calls.sweep(1_001, 2);
  expect(statuses([late, early])).toEqual(["4", undefined]);
  const later = new TestCall(calls);
  calls.sweep(1_002, 2);
  expect(early.status).toBeUndefined();
  calls.sweep(1_003, 2);
  expect(statuses([early, later])).toEqual(["4", undefined]);
});
