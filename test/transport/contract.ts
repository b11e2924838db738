import { once } from "node:events";
import { type ClientHttp2Session, constants } from "node:http2";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { CreateTransport, TransportOptions } from "../../src/verifier/transport/transport.ts";
import { eventually } from "../support/events.ts";
import {
  CHECK,
  callWith,
  type Ended,
  ended,
  framed,
  HEALTH_CHECK,
  HEALTH_WATCH,
  open,
  TransportHarness,
} from "./harness.ts";

/** gRPC status codes. */
const OK = 0;
const DEADLINE_EXCEEDED = 4;
const NOT_FOUND = 5;
const RESOURCE_EXHAUSTED = 8;
const UNIMPLEMENTED = 12;

const MESSAGE = Buffer.from("a message");
const SERVING = Buffer.from([8, 1]);
const NOT_SERVING = Buffer.from([8, 2]);
const SERVICE_UNKNOWN = Buffer.from([8, 3]);
const NAME = "envoy.service.auth.v3.Authorization";
const service = (name: string) => Buffer.concat([Buffer.from([10, name.length]), Buffer.from(name)]);

/** Where transports differ. docs/decisions/0011-two-transports.md has a row for each, with the reason. */
export interface Differences {
  /** The status of a GET: of HTTP for one transport, of gRPC for the other. */
  readonly get: { readonly http: number; readonly grpc: number | undefined };
  /** The status of HTTP for a call with the content type of gRPC-Web. */
  readonly grpcWeb: number;
  /** The status of a message that gzip has compressed. */
  readonly gzip: number;
  /** The status of a message that is marked as compressed in a call without `grpc-encoding`. */
  readonly compressedWithoutEncoding: number;
}

/** A test of so many calls may take this long on a busy machine, in milliseconds. */
const MANY_MS = 60_000;

/** The behaviour of every transport, over real connections of loopback. */
export function describeTransport(create: CreateTransport, differences: Differences): void {
  let harness: TransportHarness;
  const started = async (options: Partial<TransportOptions> = {}) => {
    harness = new TransportHarness(create, options);
    await harness.start();
    return harness;
  };
  beforeEach(() => started());
  afterEach(() => harness.stop());

  const connected = async () => {
    const session = harness.session();
    await once(session, "connect");
    return session;
  };

  /** Another client's call is answered, whatever somebody else does. */
  const othersAreServed = async () => {
    expect(await harness.client()(CHECK, MESSAGE)).toEqual(MESSAGE);
  };

  describe("a call", () => {
    test("is answered with one message, status 0 and the content type of gRPC", async () => {
      const answer = await callWith(harness.session(), framed(MESSAGE));
      expect(answer).toMatchObject({ http: 200, grpc: OK, data: framed(MESSAGE) });
      expect(answer.headers["content-type"]).toMatch(/^application\/grpc/);
      expect(harness.calls.map(({ message }) => message)).toEqual([MESSAGE]);
    });

    test("may have an empty message, and get one", async () => {
      expect(await callWith(harness.session(), framed(Buffer.alloc(0)))).toMatchObject({
        grpc: OK,
        data: framed(Buffer.alloc(0)),
      });
    });

    test("may come in pieces, its prefix too", async () => {
      const stream = open(harness.session());
      const bytes = framed(MESSAGE);
      for (const byte of bytes) {
        stream.write(Buffer.from([byte]));
        await new Promise((resolve) => setImmediate(resolve));
      }
      stream.end();
      expect(await ended(stream)).toMatchObject({ grpc: OK, data: bytes });
    });

    test.each([4_095, 0])(
      "is answered to a client whose header table has %i bytes",
      async (headerTableSize) => {
        const session = harness.session({ settings: { headerTableSize } });
        await once(session, "localSettings");
        const refused = await callWith(session, framed(MESSAGE), { ":path": "/other" });
        const answers = [await callWith(session, framed(MESSAGE)), await callWith(session, framed(MESSAGE))];
        expect([refused, ...answers].map(({ grpc }) => grpc)).toEqual([UNIMPLEMENTED, OK, OK]);
      },
    );

    test("may have a message of many frames", async () => {
      const large = Buffer.alloc(9_000, 7);
      const session = harness.session({ settings: { initialWindowSize: 100 } });
      expect(await callWith(session, framed(large))).toMatchObject({ grpc: OK, data: framed(large) });
    });

    test("that is answered later has its message until then, however much comes meanwhile", async () => {
      await harness.stop();
      await started({ maxMessageBytes: 100_000 });
      const sent = [16_000, 16_100, 16_200, 70_000].map((length, at) => Buffer.alloc(length, at + 1));
      const { promise: all, resolve } = Promise.withResolvers<void>();
      harness.handler = async ({ message }) => {
        if (harness.calls.length === sent.length) resolve();
        await all;
        return Buffer.from(message);
      };
      const session = await connected();
      const answers = await Promise.all(sent.map((message) => callWith(session, framed(message))));
      expect(answers.map(({ data }) => data)).toEqual(sent.map((message) => framed(message)));
    });

    test("shows the handler its headers", async () => {
      await callWith(harness.session(), framed(MESSAGE), { traceparent: "00-1-2-01", "x-other": "a" });
      const [call] = harness.calls;
      expect([call?.header("traceparent"), call?.header("missing")]).toEqual(["00-1-2-01", undefined]);
    });

    test("is answered without te: trailers, as some proxies leave it out", async () => {
      expect(await callWith(harness.session(), framed(MESSAGE), { te: undefined })).toMatchObject({
        grpc: OK,
      });
    });

    test.each([1_000, 1_500])(
      "is one of %d at the same time on one connection",
      async (count) => {
        const session = harness.session();
        await once(session, "remoteSettings");
        const answers = await Promise.all(
          Array.from({ length: count }, (_, at) => callWith(session, framed(Buffer.from(`message ${at}`)))),
        );
        expect(answers.filter(({ grpc }) => grpc === OK)).toHaveLength(count);
        expect(answers[999]?.data).toEqual(framed(Buffer.from("message 999")));
      },
      MANY_MS,
    );

    test("may name a message format and parameters in its content type", async () => {
      for (const type of ["application/grpc+proto", "application/grpc;charset=utf-8"])
        expect(await callWith(harness.session(), framed(MESSAGE), { "content-type": type })).toMatchObject({
          grpc: OK,
        });
    });

    test("may end with trailers of the client", async () => {
      const stream = harness
        .session()
        .request(
          { ":method": "POST", ":path": CHECK, "content-type": "application/grpc", te: "trailers" },
          { waitForTrailers: true },
        );
      stream.on("wantTrailers", () => stream.sendTrailers({ "x-last": "1" }));
      stream.end(framed(MESSAGE));
      expect(await ended(stream)).toMatchObject({ grpc: OK, data: framed(MESSAGE) });
    });
  });

  describe("the deadline of a call", () => {
    const timeouts: Record<string, [string, number]> = {
      "in hours": ["1H", 3_600_000],
      "in minutes": ["2M", 120_000],
      "in seconds": ["3S", 3_000],
      "in milliseconds": ["4000m", 4_000],
      "in microseconds": ["5000000u", 5_000],
      "in nanoseconds": ["60000000n", 60],
    };
    test.each(Object.entries(timeouts))("%s is that long after its arrival", async (_, [text, ms]) => {
      const before = Date.now();
      await callWith(harness.session(), framed(MESSAGE), { "grpc-timeout": text });
      const deadline = harness.calls[0]?.deadline ?? 0;
      expect(deadline).toBeGreaterThanOrEqual(before + ms);
      expect(deadline).toBeLessThanOrEqual(Date.now() + ms);
    });

    test("is infinite where the client sets none", async () => {
      await callWith(harness.session(), framed(MESSAGE));
      expect(harness.calls[0]?.deadline).toBe(Number.POSITIVE_INFINITY);
    });

    test("ends a call whose message does not arrive in time", async () => {
      const stream = open(harness.session(), { "grpc-timeout": "50m" });
      stream.write(framed(MESSAGE).subarray(0, 6));
      expect(await ended(stream)).toMatchObject({ grpc: DEADLINE_EXCEEDED, trailersOnly: true });
      expect(harness.calls).toEqual([]);
    });

    test("that has passed when the message is complete needs no decision", async () => {
      const answer = await callWith(harness.session(), framed(MESSAGE), { "grpc-timeout": "0m" });
      expect(harness.calls).toEqual([]);
      expect(answer.grpc).toBe(DEADLINE_EXCEEDED);
    });

    test.each(["", "5", "S", "1x"])("is denied as %j, which the handler does not see", async (text) => {
      const answer = await callWith(harness.session(), framed(MESSAGE), { "grpc-timeout": text });
      expect(answer.grpc).not.toBe(OK);
      expect(harness.calls).toEqual([]);
      await othersAreServed();
    });
  });

  describe("what is no call of the service", () => {
    test.each([
      ["a method that there is not", "/envoy.service.auth.v3.Authorization/Other"],
      ["a service that there is not", "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"],
      ["a path with more", `${CHECK}/more`],
    ])("%s is unimplemented", async (_, path) => {
      const answer = await callWith(harness.session(), framed(MESSAGE), { ":path": path });
      expect(answer).toMatchObject({ http: 200, grpc: UNIMPLEMENTED, trailersOnly: true, reset: 0 });
      expect(harness.calls).toEqual([]);
    });

    test.each([
      ["another content type", "application/json", 415],
      ["the content type of gRPC-Web", "application/grpc-web", differences.grpcWeb],
      ["no content type", undefined, 415],
    ])("%s is denied", async (_, type, http) => {
      const answer = await callWith(harness.session(), framed(MESSAGE), { "content-type": type });
      expect(answer.http).toBe(http);
      expect(harness.calls).toHaveLength(http === 200 ? 1 : 0);
      await othersAreServed();
    });

    test("GET is denied", async () => {
      const stream = open(harness.session(), { ":method": "GET" }, { endStream: true });
      const { http, grpc } = await ended(stream);
      expect({ http, grpc }).toEqual(differences.get);
      expect(harness.calls).toEqual([]);
      await othersAreServed();
    });
  });

  describe("a message is denied, and not handed on,", () => {
    const bodies: Record<string, [Buffer, number]> = {
      "that is longer than the limit": [framed(Buffer.alloc(10_001)), RESOURCE_EXHAUSTED],
      "that declares a length of 4 GiB": [Buffer.from([0, 255, 255, 255, 255, 1]), RESOURCE_EXHAUSTED],
    };
    test.each(Object.entries(bodies))("%s", async (_, [body, code]) => {
      expect(await callWith(harness.session(), body)).toMatchObject({ grpc: code });
      expect(harness.calls).toEqual([]);
      await othersAreServed();
    });

    test.each([
      ["that is missing", Buffer.alloc(0)],
      ["that ends inside its prefix", Buffer.from([0, 0, 0])],
      ["that ends early", framed(MESSAGE).subarray(0, 8)],
      ["that a second one follows", Buffer.concat([framed(MESSAGE), framed(MESSAGE)])],
    ])("%s", async (_, body) => {
      const answer = await callWith(harness.session(), body);
      expect(answer.grpc).not.toBe(OK);
      expect(harness.calls).toEqual([]);
      await othersAreServed();
    });

    test("as soon as its prefix declares a length above the limit", async () => {
      const stream = open(harness.session());
      stream.write(framed(Buffer.alloc(10_001)).subarray(0, 5));
      expect(await ended(stream)).toMatchObject({ grpc: RESOURCE_EXHAUSTED, trailersOnly: true });
    });

    test.each([
      ["gzip", differences.gzip],
      ["br", UNIMPLEMENTED],
    ])("that is compressed with %s, unless it is decompressed", async (encoding, code) => {
      const body = framed(gzipSync(MESSAGE), 1);
      const answer = await callWith(harness.session(), body, { "grpc-encoding": encoding });
      expect(answer.grpc).toBe(code);
      expect(harness.calls.map(({ message }) => message)).toEqual(code === OK ? [MESSAGE] : []);
      if (code === UNIMPLEMENTED && encoding === "gzip")
        expect(answer.headers["grpc-accept-encoding"]).toBe("identity");
      await othersAreServed();
    });

    test("that is marked as compressed in a call without an encoding", async () => {
      const answer = await callWith(harness.session(), framed(MESSAGE, 1));
      expect(answer.grpc).toBe(differences.compressedWithoutEncoding);
      await othersAreServed();
    });

    test("but not one that is not compressed in a call that names an encoding", async () => {
      const answer = await callWith(harness.session(), framed(MESSAGE), { "grpc-encoding": "gzip" });
      expect(answer).toMatchObject({ grpc: OK, data: framed(MESSAGE) });
    });
  });

  describe("health", () => {
    test("is what the verifier reports at that moment, for its service and for the server as a whole", async () => {
      const call = harness.client();
      for (const name of ["", NAME]) expect(await call(HEALTH_CHECK, service(name))).toEqual(SERVING);
      harness.isServing = false;
      for (const name of ["", NAME]) expect(await call(HEALTH_CHECK, service(name))).toEqual(NOT_SERVING);
      await expect(call(HEALTH_CHECK, service("other"))).rejects.toMatchObject({ code: NOT_FOUND });
    });

    test("is watched: one message at once, and one for each change", async () => {
      const stream = open(harness.session(), { ":path": HEALTH_WATCH });
      stream.end(framed(service(NAME)));
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      const has = (count: number) => eventually(() => Buffer.concat(chunks).length === count * 7);
      await has(1);
      harness.health.announce();
      harness.isServing = false;
      harness.health.announce();
      await has(2);
      harness.isServing = true;
      harness.health.announce();
      await has(3);
      const messages = [SERVING, NOT_SERVING, SERVING].map((message) => framed(message));
      expect(Buffer.concat(chunks)).toEqual(Buffer.concat(messages));
    });

    test("of a service that there is not is watched as unknown", async () => {
      const stream = open(harness.session(), { ":path": HEALTH_WATCH });
      stream.end(framed(service("other")));
      const [chunk] = await once(stream, "data");
      expect(chunk).toEqual(framed(SERVICE_UNKNOWN));
    });

    test("is not watched by more clients than any mesh has", async () => {
      const sessions = Array.from({ length: 3 }, () => harness.session());
      const codes: (number | undefined)[] = [];
      const watched = sessions.flatMap((session) =>
        Array.from({ length: 400 }, () => {
          const stream = open(session, { ":path": HEALTH_WATCH });
          stream.end(framed(Buffer.alloc(0)));
          void ended(stream).then(({ grpc }) => codes.push(grpc));
          return stream;
        }),
      );
      await eventually(() => codes.length >= 200);
      expect(codes).toHaveLength(200);
      expect(new Set(codes)).toEqual(new Set([RESOURCE_EXHAUSTED]));
      for (const stream of watched) stream.close();
      await Promise.all(sessions.map(ping));
      const later = open(harness.session(), { ":path": HEALTH_WATCH });
      later.end(framed(Buffer.alloc(0)));
      expect((await once(later, "data"))[0]).toEqual(framed(SERVING));
    });
  });

  describe("closing", () => {
    test("ends watches, sends GOAWAY on connections, and resolves when they are closed", async () => {
      const session = harness.session();
      const gone = once(session, "close");
      const stream = open(session, { ":path": HEALTH_WATCH });
      stream.end(framed(Buffer.alloc(0)));
      await once(stream, "data");
      const goaway = once(session, "goaway");
      const closed = harness.transport.close(5_000);
      await Promise.all([goaway, gone, closed]);
      expect((await callWith(session, framed(MESSAGE)).catch(() => undefined))?.grpc).not.toBe(OK);
    });

    test("lets a call that is under way end", async () => {
      const session = await connected();
      const stream = open(session);
      stream.write(framed(MESSAGE).subarray(0, 6));
      await ping(session);
      let isClosed = false;
      const closed = harness.transport.close(5_000).then(() => {
        isClosed = true;
      });
      await once(session, "goaway");
      expect(isClosed).toBe(false);
      stream.end(framed(MESSAGE).subarray(6));
      expect(await ended(stream)).toMatchObject({ grpc: OK });
      await closed;
    });

    test("does not wait for longer than its grace", async () => {
      const session = await connected();
      const stream = open(session);
      stream.write(framed(MESSAGE).subarray(0, 6));
      const answer = ended(stream);
      await ping(session);
      await harness.transport.close(50);
      expect((await answer).grpc).not.toBe(OK);
    });
  });

  describe("a connection", () => {
    test("gets GOAWAY at its maximum age, and its calls end in order", async () => {
      await harness.stop();
      await started({ maxConnectionAgeMs: 200 });
      const session = harness.session();
      const goaway = once(session, "goaway");
      const early = await callWith(session, framed(MESSAGE));
      const late = open(session);
      late.write(framed(MESSAGE).subarray(0, 6));
      await goaway;
      late.end(framed(MESSAGE).subarray(6));
      expect([early.grpc, (await ended(late)).grpc]).toEqual([OK, OK]);
      await once(session, "close");
    });

    test("that reaches its age loses no call: each is answered, or refused as one that was not begun", async () => {
      await harness.stop();
      await started({ maxConnectionAgeMs: 100 });
      for (let connection = 0; connection < 5; connection++) {
        const session = harness.session();
        const calls: Promise<Ended>[] = [];
        while (!session.closed) {
          calls.push(callWith(session, framed(MESSAGE)));
          await new Promise((resolve) => setImmediate(resolve));
        }
        for (const { grpc, reset } of await Promise.all(calls))
          expect([OK, `reset ${constants.NGHTTP2_REFUSED_STREAM}`]).toContain(grpc ?? `reset ${reset}`);
      }
    });

    test("replies to a ping", async () => {
      expect(await ping(await connected())).toBeGreaterThanOrEqual(0);
    });

    test("stays open without any call", async () => {
      const session = await connected();
      for (let at = 0; at < 20; at++) await othersAreServed();
      expect(await callWith(session, framed(MESSAGE))).toMatchObject({ grpc: OK });
    });
  });

  describe("a bad peer affects no other connection:", () => {
    test.each([
      ["HTTP/1.1", Buffer.from("GET / HTTP/1.1\r\nhost: x\r\n\r\n")],
      ["garbage", Buffer.alloc(100_000, 0xff)],
      ["the preface, and then garbage", Buffer.concat([PREFACE, Buffer.alloc(100_000, 0xff)])],
      [
        "a frame that is too long",
        Buffer.concat([PREFACE, SETTINGS, Buffer.from([255, 255, 255, 0, 0, 0, 0, 0, 1])]),
      ],
      [
        "a header block that cannot be decoded",
        Buffer.concat([PREFACE, SETTINGS, headersFrame(Buffer.alloc(50, 0xff))]),
      ],
    ])("one that sends %s loses its connection", async (_, bytes) => {
      const socket = connect(harness.port, "127.0.0.1");
      socket.on("error", () => {});
      socket.resume();
      socket.write(bytes);
      await once(socket, "close");
      await othersAreServed();
      expect(harness.calls).toHaveLength(1);
    });

    const floods: Record<string, Buffer> = {
      pings: frame(6, 0, 0, Buffer.alloc(8)),
      settings: SETTINGS,
      "priorities of streams that there are not": frame(2, 0, 3, Buffer.from([0, 0, 0, 0, 1])),
      "frames of types that there are not": frame(200, 0, 0, Buffer.alloc(100)),
      "data frames without data": frame(0, 0, 1, Buffer.alloc(0)),
      "continuations of a header block that does not end": frame(9, 0, 1, Buffer.from([0x82])),
    };
    test.each(Object.entries(floods))(
      "one that sends %s without end, and reads nothing",
      async (name, one) => {
        const socket = connect(harness.port, "127.0.0.1");
        socket.on("error", () => {});
        const ends = name.startsWith("continuations") ? 0 : 4;
        const block = Buffer.concat([
          Buffer.from([0x83, 0x86]),
          literal(":path", CHECK),
          literal("content-type", "application/grpc"),
        ]);
        socket.write(Buffer.concat([PREFACE, SETTINGS, frame(1, ends, 1, block)]));
        const many = Buffer.concat(Array.from({ length: 1_000 }, () => one));
        for (let at = 0; at < 30 && !socket.destroyed; at++) {
          if (!socket.write(many)) socket.pause();
          await othersAreServed();
        }
        socket.destroy();
      },
    );

    test("one that half-closes its connection", async () => {
      const socket = connect(harness.port, "127.0.0.1");
      socket.on("error", () => {});
      socket.resume();
      socket.end(Buffer.concat([PREFACE, SETTINGS]));
      await once(socket, "close");
      await eventually(() => harness.connections === 0);
      await othersAreServed();
    });

    test("one that breaks calls off half-way", async () => {
      const session = harness.session();
      for (let at = 0; at < 100; at++) {
        const stream = open(session);
        stream.write(framed(MESSAGE).subarray(0, 6));
        stream.close(constants.NGHTTP2_CANCEL);
      }
      await ping(session).catch(() => undefined);
      session.destroy();
      await othersAreServed();
      expect(harness.calls).toHaveLength(1);
    });

    test("one that opens streams and resets them without end", async () => {
      const flood = harness.session();
      const other = harness.client();
      for (let round = 0; round < 40 && !flood.destroyed; round++) {
        for (let at = 0; at < 50 && !flood.destroyed; at++) open(flood).close(constants.NGHTTP2_CANCEL);
        expect(await other(CHECK, MESSAGE)).toEqual(MESSAGE);
      }
    });

    test("one that asks and does not read", async () => {
      const slow = harness.session({ settings: { initialWindowSize: 0 } });
      await once(slow, "connect");
      for (let at = 0; at < 500; at++) open(slow).end(framed(Buffer.alloc(9_000)));
      for (let at = 0; at < 20; at++) await othersAreServed();
    });

    test("one that leaves a thousand calls unfinished", async () => {
      const session = harness.session();
      await once(session, "connect");
      for (let at = 0; at < 1_000; at++) open(session).write(framed(MESSAGE).subarray(0, 6));
      for (let at = 0; at < 5; at++) await othersAreServed();
    });
  });
}

const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
const SETTINGS = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);

/** HEADERS of stream 1 with END_HEADERS. */
function headersFrame(block: Buffer): Buffer {
  return frame(1, 4, 1, block);
}

/** One HTTP/2 frame of at most 255 bytes. */
function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0, 0, payload.length, type, flags, 0, 0, 0, stream]), payload]);
}

/** A header in HPACK, neither indexed nor compressed. */
function literal(name: string, value: string): Buffer {
  const text = (content: string) => Buffer.concat([Buffer.from([content.length]), Buffer.from(content)]);
  return Buffer.concat([Buffer.from([0]), text(name), text(value)]);
}

function ping(session: ClientHttp2Session): Promise<number> {
  return new Promise((resolve, reject) => {
    session.ping((error, duration) => (error ? reject(error) : resolve(duration)));
  });
}
