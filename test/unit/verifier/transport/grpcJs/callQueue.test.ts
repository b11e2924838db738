import { setImmediate as turn } from "node:timers/promises";
import { Metadata, type ServerUnaryCall } from "@grpc/grpc-js";
import { describe, expect, test } from "@jest/globals";
import { CallQueue } from "../../../../../src/verifier/transport/grpcJs/callQueue.ts";
import type { Call } from "../../../../../src/verifier/transport/transport.ts";

type UnaryCall = ServerUnaryCall<Buffer, Buffer>;

describe("the calls of one turn of the event loop", () => {
  test("are all handled before the first response is sent, in their order", async () => {
    const { queue, log } = logging(({ message }) => Buffer.from(`${message}!`));
    queue.add(unaryCall("a"), log.reply);
    queue.add(unaryCall("b"), log.reply);
    await turn();
    expect(log.lines).toEqual(["handled a", "handled b", "replied a!", "replied b!"]);
  });

  test("are handled in groups, so that the first do not wait for all", async () => {
    const { queue, log } = logging(({ message }) => message);
    for (let at = 0; at < 40; at += 1) queue.add(unaryCall(String(at)), log.reply);
    await turn();
    expect(log.lines.indexOf("replied 31")).toBeLessThan(log.lines.indexOf("handled 32"));
    expect(log.lines.filter((line) => line.startsWith("replied"))).toHaveLength(40);
  });

  test("are not handled where the client has given up meanwhile", async () => {
    const { queue, log } = logging(({ message }) => message);
    const gone = unaryCall("gone");
    queue.add(gone, log.reply);
    queue.add(unaryCall("here"), log.reply);
    gone.cancelled = true;
    await turn();
    expect(log.lines).toEqual(["handled here", "replied here"]);
  });

  test("are not handled where the deadline has passed meanwhile", async () => {
    const { queue, log } = logging(({ message }) => message, { wall: () => 1_000 });
    queue.add(unaryCall("late", 1_000), log.reply);
    queue.add(unaryCall("in time", 1_001), log.reply);
    await turn();
    expect(log.lines).toEqual(["handled in time", "replied in time"]);
  });

  test("do not wait for one whose response comes later", async () => {
    const late = Promise.withResolvers<Buffer>();
    const { queue, log } = logging(({ message }) =>
      message.equals(Buffer.from("slow")) ? late.promise : message,
    );
    queue.add(unaryCall("slow"), log.reply);
    queue.add(unaryCall("fast"), log.reply);
    await turn();
    expect(log.lines).toEqual(["handled slow", "handled fast", "replied fast"]);
    late.resolve(Buffer.from("slow"));
    await turn();
    expect(log.lines.at(-1)).toBe("replied slow");
  });

  test("are followed by those of the next turn", async () => {
    const { queue, log } = logging(({ message }) => message);
    for (const name of ["first", "second"]) {
      queue.add(unaryCall(name), log.reply);
      await turn();
    }
    expect(log.lines).toEqual(["handled first", "replied first", "handled second", "replied second"]);
  });
});

/** A queue that logs what it does. */
function logging(handler: (call: Call) => Buffer | Promise<Buffer>, clock?: { wall(): number }) {
  const lines: string[] = [];
  const queue = new CallQueue((call) => {
    lines.push(`handled ${call.message}`);
    return handler(call);
  }, clock);
  const reply = (_: unknown, answer?: Buffer | null) => void lines.push(`replied ${answer}`);
  return { queue, log: { lines, reply } };
}

function unaryCall(text: string, deadline = Number.POSITIVE_INFINITY): UnaryCall & { cancelled: boolean } {
  const call = {
    request: Buffer.from(text),
    cancelled: false,
    metadata: new Metadata(),
    getDeadline: () => deadline,
  };
  return call as unknown as UnaryCall & { cancelled: boolean };
}
