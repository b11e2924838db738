import { afterEach, describe, expect, test } from "@jest/globals";
import { systemClock } from "../../../../src/base/clock.ts";
import { StoreUnavailable } from "../../../../src/store/store.ts";
import { type FakeServer, type Handler, json, reset, startFake, watch } from "./fakeServer.ts";

let server: FakeServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

const PASSWORD = "a-password-of-somebody";

describe("a request fails as unavailable, and quotes nothing of what was sent, when the server", () => {
  const silent: Handler = () => undefined;
  const cases: Record<string, [Handler, string]> = {
    "cuts the connection": [reset, "POST /secrets: UND_ERR_SOCKET"],
    "never replies": [silent, "POST /secrets: UND_ERR_HEADERS_TIMEOUT"],
    "stops in the middle of its answer": [watch(['{"half":'], "is cut"), "POST /secrets: UND_ERR_SOCKET"],
    "sends an endless response": [
      watch(Array(30).fill("x".repeat(1_000)), "stays"),
      "POST /secrets: its response is too large",
    ],
  };
  test.each(Object.entries(cases))("%s", async (_, [handler, message]) => {
    server = await startFake([handler], { connection: { timeoutMs: 500, maxBodyBytes: 20_000 } });
    const call = { body: { password: PASSWORD }, query: { token: PASSWORD } };
    const error = await server.connection
      .request("POST", "/secrets", call)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StoreUnavailable);
    expect(String(error)).toBe(`StoreUnavailable: ${message}`);
    expect(JSON.stringify([error, Object(error).cause])).not.toContain(PASSWORD);
  });

  test("is not there", async () => {
    server = await startFake([]);
    await server.stop();
    await expect(server.connection.request("GET", "/things")).rejects.toThrow(StoreUnavailable);
    server = undefined;
  });

  test("has not answered when the caller gives up", async () => {
    const caller = new AbortController();
    server = await startFake([() => caller.abort()]);
    const request = server.connection.request("GET", "/things", { signal: caller.signal });
    await expect(request).rejects.toThrow(StoreUnavailable);
  });
});

test("a token that the server no longer accepts is read again, and the request is retried once with it", async () => {
  let token = "old";
  const seen: (string | undefined)[] = [];
  const handler: Handler = (request, response) => {
    seen.push(request.headers.authorization);
    json(request.headers.authorization === "Bearer new" ? 200 : 401, {})(request, response);
  };
  const access = {
    identify: async () => ({ headers: { Authorization: `Bearer ${token}` }, tls: {}, tlsKey: "" }),
    forget: () => {
      token = "new";
    },
  };
  server = await startFake([handler], { access });
  expect((await server.connection.request("GET", "/things")).status).toBe(200);
  expect(seen).toEqual(["Bearer old", "Bearer new"]);
});

test("a token that is never taken is not tried for ever", async () => {
  server = await startFake([json(401, {})]);
  expect((await server.connection.request("GET", "/things")).status).toBe(401);
  expect(server.requests).toHaveLength(2);
});

test("many requests at a time share a bounded number of connections, which are kept", async () => {
  const sockets = new Set<unknown>();
  const handler: Handler = (request, response) => {
    sockets.add(request.socket);
    json(200, {})(request, response);
  };
  server = await startFake([handler], { connection: { connections: 3 } });
  const { connection } = server;
  await Promise.all(Array.from({ length: 60 }, () => connection.request("GET", "/things")));
  expect(sockets.size).toBeLessThanOrEqual(3);
});

describe("a server that has too much to do", () => {
  const busy =
    (seconds: string): Handler =>
    (_, response) =>
      response.writeHead(429, { "retry-after": seconds }).end("{}");

  /** A clock that records sleeps instead of sleeping. */
  function sleeplessClock(onSleep: () => void = () => {}) {
    const slept: number[] = [];
    const sleep = async (ms: number) => {
      slept.push(ms);
      onSleep();
    };
    return { slept, clock: { ...systemClock, sleep } };
  }

  test("is retried after Retry-After", async () => {
    const { slept, clock } = sleeplessClock();
    server = await startFake([busy("1"), json(201, { made: true })], { connection: { clock } });
    expect(await server.connection.request("POST", "/things", { body: {} })).toMatchObject({ status: 201 });
    expect(server.requests).toEqual(["POST /things", "POST /things"]);
    expect(slept).toEqual([1_000]);
  });

  test("is retried three times, after 5 s at most", async () => {
    const { slept, clock } = sleeplessClock();
    server = await startFake([busy("60")], { connection: { clock } });
    expect((await server.connection.request("GET", "/things")).status).toBe(429);
    expect(server.requests).toHaveLength(4);
    expect(slept).toEqual([5_000, 5_000, 5_000]);
  });

  test("is not retried after the caller aborted", async () => {
    const caller = new AbortController();
    const { clock } = sleeplessClock(() => caller.abort());
    server = await startFake([busy("1")], { connection: { clock } });
    const request = server.connection.request("GET", "/things", { signal: caller.signal });
    await expect(request).rejects.toThrow(StoreUnavailable);
    expect(server.requests).toHaveLength(1);
  });
});
