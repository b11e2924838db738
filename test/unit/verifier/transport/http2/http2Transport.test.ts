import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import { Health } from "../../../../../src/verifier/transport/health.ts";
import {
  createHttp2Transport,
  Http2Transport,
} from "../../../../../src/verifier/transport/http2/http2Transport.ts";
import type { IncomingCall } from "../../../../../src/verifier/transport/http2/incomingCall.ts";
import { type Limits, limitsFor } from "../../../../../src/verifier/transport/http2/limits.ts";
import { WatchStream } from "../../../../../src/verifier/transport/http2/watchStream.ts";
import { describeTransport } from "../../../../transport/contract.ts";
import {
  callWith,
  ended,
  framed,
  HEALTH_WATCH,
  open,
  TransportHarness,
} from "../../../../transport/harness.ts";

describe("the http2 transport:", () => {
  describeTransport(createHttp2Transport, {
    get: { http: 405, grpc: undefined },
    grpcWeb: 415,
    gzip: 12,
    compressedWithoutEncoding: 13,
  });
});

describe("the limits of the http2 transport", () => {
  let harness: TransportHarness;
  const started = async (limits: Partial<Limits>) => {
    harness = new TransportHarness(
      (handler, health, options) =>
        new Http2Transport(handler, health, options, {
          limits: { ...limitsFor(options.maxMessageBytes), tickMs: 10, ...limits },
        }),
    );
    await harness.start();
  };
  afterEach(() => harness.stop());

  const MESSAGE = Buffer.from("a message");
  const half = () => framed(MESSAGE).subarray(0, 8);
  const connected = async (options = {}) => {
    const session = harness.session(options);
    await once(session, "remoteSettings");
    return session;
  };

  test("cut off a client that does not speak", async () => {
    await started({ prefaceTicks: 2 });
    const speaks = await connected();
    const socket = connect(harness.port, "127.0.0.1");
    await once(socket.resume(), "close");
    expect(await callWith(speaks, framed(MESSAGE))).toMatchObject({ grpc: 0 });
  });

  test("disconnect a client that does not reply to pings, and no other", async () => {
    await started({ pingTicks: 2 });
    const answers = await connected();
    const socket = connect(harness.port, "127.0.0.1");
    socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0");
    await once(socket.resume(), "close");
    expect(await callWith(answers, framed(MESSAGE))).toMatchObject({ grpc: 0 });
  });

  test("end a call whose message does not arrive", async () => {
    await started({ callTicks: 2 });
    const stream = open(await connected());
    stream.write(half());
    expect(await ended(stream)).toMatchObject({ grpc: 4, trailersOnly: true });
  });

  test("end a call whose response is not read", async () => {
    await started({ callTicks: 2 });
    const session = await connected({ settings: { initialWindowSize: 0 } });
    expect(await callWith(session, framed(MESSAGE))).toMatchObject({ http: 200, grpc: undefined, reset: 8 });
    expect(harness.calls).toHaveLength(1);
  });

  test("end a watch that does not read what changes", async () => {
    await started({ maxUnreadChanges: 3 });
    const session = await connected({ settings: { initialWindowSize: 0 } });
    const stream = open(session, { ":path": HEALTH_WATCH });
    stream.end(framed(Buffer.alloc(0)));
    await once(stream, "response");
    const answer = ended(stream);
    for (let at = 0; at < 6; at++) {
      harness.isServing = at % 2 === 1;
      harness.health.announce();
    }
    expect(await answer).toMatchObject({ reset: 8 });
  });

  test("do not end a watch, however long it lasts", async () => {
    await started({ callTicks: 1 });
    const stream = open(await connected(), { ":path": HEALTH_WATCH });
    stream.end(framed(Buffer.alloc(0)));
    await once(stream, "data");
    expect((await ended(open(await connected()))).grpc).toBe(4);
    harness.isServing = false;
    harness.health.announce();
    expect((await once(stream, "data"))[0]).toEqual(framed(Buffer.from([8, 2])));
  });

  test("end the oldest of too many calls, and answer the newest", async () => {
    await started({ maxCalls: 10 });
    const session = await connected();
    const unfinished = Array.from({ length: 12 }, () => {
      const stream = open(session);
      stream.write(half());
      return ended(stream);
    });
    expect(await Promise.all(unfinished.slice(0, 2))).toMatchObject([{ grpc: 8 }, { grpc: 8 }]);
    expect(await callWith(await connected(), framed(MESSAGE))).toMatchObject({ grpc: 0 });
  });

  test("end the oldest of calls that hold too many bytes, and answer the newest", async () => {
    await started({ maxHeldBytes: 20_000 });
    const session = await connected();
    const unfinished = Array.from({ length: 3 }, () => {
      const stream = open(session);
      stream.write(framed(Buffer.alloc(9_000)).subarray(0, 8_000));
      return ended(stream);
    });
    expect(await unfinished[0]).toMatchObject({ grpc: 8 });
    expect(await callWith(await connected(), framed(Buffer.alloc(9_000)))).toMatchObject({ grpc: 0 });
  });

  test("count the headers of calls too", async () => {
    await started({ maxHeldBytes: 20_000 });
    const session = await connected();
    const unfinished = Array.from({ length: 3 }, () => {
      const stream = open(session, { "x-large": "a".repeat(9_000) });
      stream.write(half());
      return ended(stream);
    });
    expect(await unfinished[0]).toMatchObject({ grpc: 8 });
    expect(await callWith(await connected(), framed(MESSAGE))).toMatchObject({ grpc: 0 });
  });

  test("end the stream of a client that sends too much with RESOURCE_EXHAUSTED, without an HTTP/2 error", async () => {
    await started({});
    const stream = open(await connected());
    stream.write(framed(Buffer.alloc(10_001)).subarray(0, 100));
    const [headers] = await once(stream, "response");
    await once(stream, "close");
    expect(headers).toMatchObject({ "grpc-status": "8" });
    expect(stream.rstCode).toBe(0);
  });
});

test("a transport that closes does not wait for the calls of a connection that has reached its age", async () => {
  const harness = new TransportHarness(createHttp2Transport, { maxConnectionAgeMs: 100 });
  await harness.start();
  const session = harness.session();
  const stream = open(session);
  stream.write(framed(Buffer.from("a message")).subarray(0, 8));
  await once(session, "goaway");
  const start = performance.now();
  await harness.transport.close(200);
  expect(performance.now() - start).toBeLessThan(2_000);
  await harness.stop();
});

test("a connection may last longer than a timer of Node", async () => {
  const harness = new TransportHarness(createHttp2Transport, { maxConnectionAgeMs: 720 * 3_600_000 });
  await harness.start();
  const session = harness.session();
  const ends: string[] = [];
  session.on("goaway", () => ends.push("goaway"));
  await once(session, "remoteSettings");
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(ends).toEqual([]);
  await harness.stop();
});

test("a watch does not keep a long request", () => {
  const { request } = new WatchStream(Buffer.alloc(1_000_000), {} as IncomingCall, 16);
  expect(request.length).toBeLessThanOrEqual(1_024);
  expect(new Health(() => true).status(request)).toBeUndefined();
});
