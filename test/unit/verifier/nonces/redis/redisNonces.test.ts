import { stat } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { RedisNonces } from "../../../../../src/verifier/nonces/redis/redisNonces.ts";
import type { RedisSession } from "../../../../../src/verifier/nonces/redis/session.ts";

/** A connection whose replies the test gives, in the order of the commands. */
function stage(timeoutMs = 5) {
  const commands: string[][] = [];
  const replies: { resolve: (reply: unknown) => void; reject: (error: Error) => void }[] = [];
  const destroyed: string[] = [];
  const session: RedisSession = {
    send: (command) => {
      commands.push([...command]);
      return new Promise((resolve, reject) => replies.push({ resolve, reject }));
    },
    ended: new Promise(() => undefined),
    destroy: ({ message }) => destroyed.push(message),
  };
  const errors: string[] = [];
  const connection = { session: session as RedisSession | undefined, start() {}, async close() {} };
  const store = new RedisNonces(connection, { timeoutMs, onError: ({ message }) => errors.push(message) });
  const claim = (id = "n", requestId = "17") =>
    store.claim({ id, applicationId: "app-a", requestId, windowMs: 1_805_000 });
  return { connection, store, claim, commands, replies, destroyed, errors };
}

describe("a store in a server", () => {
  test("writes one SET with NX, the window in milliseconds and the id of the stream", async () => {
    const { claim, commands, replies } = stage();
    const result = claim();
    expect(commands).toEqual([["SET", "countersign:nonce:n", "17", "NX", "PX", "1805000"]]);
    replies[0]?.resolve("OK");
    expect(await result).toBe("first");
  });

  test("is unavailable at once without a connection", () => {
    const { connection, store, claim } = stage();
    connection.session = undefined;
    expect(store.isAvailable()).toBe(false);
    expect(claim()).toBe("unavailable");
  });

  test("is unavailable at the timeout, whatever the server replies then", async () => {
    const { claim, replies } = stage();
    const result = claim();
    expect(await result).toBe("unavailable");
    replies[0]?.resolve("OK");
    expect(await result).toBe("unavailable");
  });

  test("takes a reply that had arrived when a busy process comes to look, although the timeout has passed", async () => {
    const { claim, replies } = stage(1);
    // From here on, timers are the next thing that the event loop looks at.
    await new Promise((resolve) => setImmediate(resolve));
    const result = claim();
    // Its callback is due while the process is busy, and runs where sockets are read: after the timers of the same turn.
    stat(".", () => replies[0]?.resolve("OK"));
    const until = performance.now() + 50;
    while (performance.now() < until);
    expect(await result).toBe("first");
  });

  test("has a limit of claims that wait, beyond which a claim is unavailable at once", async () => {
    const { claim, commands, replies } = stage(60_000);
    const waiting = Array.from({ length: 10_000 }, (_, at) => claim(`n${at}`));
    expect(claim("one more")).toBe("unavailable");
    expect(commands).toHaveLength(10_000);
    for (const { resolve } of replies) resolve("OK");
    await Promise.all(waiting);
    const next = claim("next");
    replies.at(-1)?.resolve("OK");
    expect(await next).toBe("first");
  });

  test("is unavailable with an error as reply, which is reported", async () => {
    const { claim, replies, errors, destroyed } = stage();
    const result = claim();
    replies[0]?.reject(new Error("OOM command not allowed"));
    expect(await result).toBe("unavailable");
    expect(errors).toEqual(["OOM command not allowed"]);
    expect(destroyed).toEqual([]);
  });

  test("gives up its connection to a server that has become a replica", async () => {
    const { claim, replies, destroyed } = stage();
    const result = claim();
    replies[0]?.reject(new Error("READONLY You can't write against a read only replica."));
    expect(await result).toBe("unavailable");
    expect(destroyed).toHaveLength(1);
  });
});
