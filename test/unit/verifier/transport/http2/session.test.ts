import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { encodeHeaders } from "../../../../../src/verifier/transport/http2/wire/hpack/encode.ts";
import {
  CHECK_HEADERS,
  frame,
  GREETING,
  Http2Peer,
  numbers,
  PREFACE,
} from "../../../../support/http2Peer.ts";
import { framed } from "../../../../transport/harness.ts";

const [DATA, HEADERS, PRIORITY, RST, SETTINGS, PUSH, PING, GOAWAY, WINDOW, CONTINUATION] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
];
const END_STREAM = 1;
const END_HEADERS = 4;
const PADDED = 8;
const PROTOCOL_ERROR = 1;
const FLOW_CONTROL_ERROR = 3;
const STREAM_CLOSED = 5;
const FRAME_SIZE_ERROR = 6;
const REFUSED_STREAM = 7;
const COMPRESSION_ERROR = 9;
const ENHANCE_YOUR_CALM = 11;

const MESSAGE = Buffer.from("a message");
const opened = (stream = 1) => frame(HEADERS, END_HEADERS, stream, CHECK_HEADERS);
const called = (stream = 1) =>
  Buffer.concat([opened(stream), frame(DATA, END_STREAM, stream, framed(MESSAGE))]);
const setting = (id: number, value: number) => {
  const bytes = Buffer.alloc(6);
  bytes.writeUInt16BE(id, 0);
  bytes.writeUInt32BE(value, 2);
  return bytes;
};
/** A peer that has sent its greeting, and then this. */
const greeted = (...bytes: readonly Buffer[]) => {
  const peer = new Http2Peer();
  peer.send(GREETING, ...bytes);
  return peer;
};

describe("a client loses its connection", () => {
  const violations: Record<string, [Buffer, number]> = {
    "that sends HEADERS on stream 0": [frame(HEADERS, END_HEADERS, 0, CHECK_HEADERS), PROTOCOL_ERROR],
    "that sends HEADERS on a stream of the server": [
      frame(HEADERS, END_HEADERS, 2, CHECK_HEADERS),
      PROTOCOL_ERROR,
    ],
    "that opens a stream below the last one": [Buffer.concat([called(5), opened(3)]), PROTOCOL_ERROR],
    "that sends DATA on stream 0": [frame(DATA, 0, 0, MESSAGE), PROTOCOL_ERROR],
    "that sends DATA before HEADERS": [frame(DATA, 0, 1, MESSAGE), PROTOCOL_ERROR],
    "that pads DATA with more than it has": [
      Buffer.concat([opened(), frame(DATA, PADDED, 1, Buffer.from([5, 0]))]),
      PROTOCOL_ERROR,
    ],
    "that pads HEADERS with more than they have": [
      frame(HEADERS, END_HEADERS | PADDED, 1, Buffer.from([9, 0x83])),
      PROTOCOL_ERROR,
    ],
    "that sends a frame between HEADERS and CONTINUATION": [
      Buffer.concat([frame(HEADERS, 0, 1, CHECK_HEADERS), frame(PING, 0, 0, Buffer.alloc(8))]),
      PROTOCOL_ERROR,
    ],
    "that sends DATA between HEADERS and CONTINUATION": [
      Buffer.concat([frame(HEADERS, 0, 1, CHECK_HEADERS), frame(DATA, 0, 1, MESSAGE)]),
      PROTOCOL_ERROR,
    ],
    "that sends CONTINUATION of another stream": [
      Buffer.concat([frame(HEADERS, 0, 1, CHECK_HEADERS), frame(CONTINUATION, END_HEADERS, 3)]),
      PROTOCOL_ERROR,
    ],
    "that sends CONTINUATION without HEADERS": [
      frame(CONTINUATION, END_HEADERS, 1, CHECK_HEADERS),
      PROTOCOL_ERROR,
    ],
    "whose headers continue in many frames": [
      Buffer.concat([frame(HEADERS, 0, 1), ...Array.from({ length: 9 }, () => frame(CONTINUATION, 0, 1))]),
      ENHANCE_YOUR_CALM,
    ],
    "whose headers refer to nothing": [
      frame(HEADERS, END_HEADERS, 1, Buffer.from([0xff, 0x00])),
      COMPRESSION_ERROR,
    ],
    "that resets a stream that is not open": [frame(RST, 0, 1, numbers(8)), PROTOCOL_ERROR],
    "that sends RST_STREAM of three bytes": [
      Buffer.concat([opened(), frame(RST, 0, 1, Buffer.alloc(3))]),
      FRAME_SIZE_ERROR,
    ],
    "that sends SETTINGS on a stream": [frame(SETTINGS, 0, 1), PROTOCOL_ERROR],
    "that sends half a setting": [frame(SETTINGS, 0, 0, Buffer.alloc(3)), FRAME_SIZE_ERROR],
    "that acknowledges SETTINGS with a payload": [frame(SETTINGS, 1, 0, setting(4, 1)), FRAME_SIZE_ERROR],
    "that sets ENABLE_PUSH to 2": [frame(SETTINGS, 0, 0, setting(2, 2)), PROTOCOL_ERROR],
    "that sets INITIAL_WINDOW_SIZE above 2^31-1": [
      frame(SETTINGS, 0, 0, setting(4, 2 ** 31)),
      FLOW_CONTROL_ERROR,
    ],
    "that sets MAX_FRAME_SIZE below 16384": [frame(SETTINGS, 0, 0, setting(5, 16_383)), PROTOCOL_ERROR],
    "that pushes": [frame(PUSH, END_HEADERS, 1, numbers(2)), PROTOCOL_ERROR],
    "that sends PING of seven bytes": [frame(PING, 0, 0, Buffer.alloc(7)), FRAME_SIZE_ERROR],
    "that sends PING on a stream": [frame(PING, 0, 1, Buffer.alloc(8)), PROTOCOL_ERROR],
    "that sends GOAWAY on a stream": [frame(GOAWAY, 0, 1, numbers(0, 0)), PROTOCOL_ERROR],
    "that widens the connection by 0": [frame(WINDOW, 0, 0, numbers(0)), PROTOCOL_ERROR],
    "that widens the connection beyond 2^31-1": [
      frame(WINDOW, 0, 0, numbers(2 ** 31 - 1)),
      FLOW_CONTROL_ERROR,
    ],
    "that widens a stream that is not open": [frame(WINDOW, 0, 1, numbers(1)), PROTOCOL_ERROR],
    "that sends WINDOW_UPDATE of five bytes": [frame(WINDOW, 0, 0, Buffer.alloc(5)), FRAME_SIZE_ERROR],
    "that sends PRIORITY on stream 0": [frame(PRIORITY, 0, 0, Buffer.alloc(5)), PROTOCOL_ERROR],
    "that sends a frame of 16385 bytes": [frame(SETTINGS, 0, 0, Buffer.alloc(16_385)), FRAME_SIZE_ERROR],
  };
  test.each(Object.entries(violations))("%s", (_, [bytes, code]) => {
    const peer = greeted(bytes);
    expect(peer.goAway).toBe(code);
    expect(peer.isClosed).toBe(true);
  });

  test("that begins with another frame than SETTINGS", () => {
    const peer = new Http2Peer();
    peer.send(PREFACE, frame(PING, 0, 0, Buffer.alloc(8)));
    expect([peer.goAway, peer.isClosed]).toEqual([PROTOCOL_ERROR, true]);
  });

  test.each([
    [
      "breaks too many calls off",
      Array.from({ length: 1_001 }, (_, at) => [
        opened(2 * at + 1),
        frame(RST, 0, 2 * at + 1, numbers(8)),
      ]).flat(),
    ],
    [
      "makes this server break too many calls off",
      Array.from({ length: 1_001 }, (_, at) => [
        opened(2 * at + 1),
        frame(WINDOW, 0, 2 * at + 1, numbers(0)),
      ]).flat(),
    ],
    [
      "sends too many frames that carry nothing",
      Array.from({ length: 20_000 }, () => frame(PING, 0, 0, Buffer.alloc(8))),
    ],
    ["sends too much empty DATA", [opened(), ...Array.from({ length: 20_000 }, () => frame(DATA, 0, 1))]],
  ])("that %s", (_, frames) => {
    expect(greeted(...frames).goAway).toBe(ENHANCE_YOUR_CALM);
  });
});

describe("a client loses its call alone", () => {
  const malformed = (more: Readonly<Record<string, string>>) =>
    frame(HEADERS, END_HEADERS, 1, Buffer.concat([CHECK_HEADERS, encodeHeaders(more)]));
  const violations: Record<string, [Buffer, number]> = {
    "with a header name in upper case": [malformed({ "X-A": "1" }), PROTOCOL_ERROR],
    "with a line break in a value": [malformed({ "x-a": "1\r\nx-b: 2" }), PROTOCOL_ERROR],
    "with a header of HTTP/1": [malformed({ "transfer-encoding": "chunked" }), PROTOCOL_ERROR],
    "with a pseudo-header that there is not": [malformed({ ":other": "1" }), PROTOCOL_ERROR],
    "with :path twice": [malformed({ ":path": "/" }), PROTOCOL_ERROR],
    "with a pseudo-header after another header": [
      frame(HEADERS, END_HEADERS, 1, Buffer.concat([encodeHeaders({ "x-a": "1" }), CHECK_HEADERS])),
      PROTOCOL_ERROR,
    ],
    "without :path": [
      frame(HEADERS, END_HEADERS, 1, encodeHeaders({ ":method": "POST", ":scheme": "http" })),
      PROTOCOL_ERROR,
    ],
    "with more headers than a proxy sends": [
      malformed(Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`x-${at}`, ""]))),
      ENHANCE_YOUR_CALM,
    ],
    "with headers of more than 32 KiB": [
      Buffer.concat([
        frame(HEADERS, 0, 1, CHECK_HEADERS),
        frame(CONTINUATION, 0, 1, encodeHeaders({ "x-a": "a".repeat(16_300) })),
        frame(CONTINUATION, END_HEADERS, 1, encodeHeaders({ "x-b": "b".repeat(16_300) })),
      ]),
      ENHANCE_YOUR_CALM,
    ],
    "that widens a stream by 0": [Buffer.concat([opened(), frame(WINDOW, 0, 1, numbers(0))]), PROTOCOL_ERROR],
    "that widens a stream beyond 2^31-1": [
      Buffer.concat([opened(), frame(WINDOW, 0, 1, numbers(2 ** 31 - 1))]),
      FLOW_CONTROL_ERROR,
    ],
    "with PRIORITY of four bytes": [
      Buffer.concat([opened(), frame(PRIORITY, 0, 1, numbers(0))]),
      FRAME_SIZE_ERROR,
    ],
    "with headers after its message that do not end it": [
      Buffer.concat([opened(), opened()]),
      PROTOCOL_ERROR,
    ],
    "with a pseudo-header after its message": [
      Buffer.concat([opened(), frame(HEADERS, END_HEADERS | END_STREAM, 1, encodeHeaders({ ":path": "/" }))]),
      PROTOCOL_ERROR,
    ],
  };
  test.each(Object.entries(violations))("%s", (_, [bytes, code]) => {
    const peer = greeted(bytes, called(101));
    expect([peer.reset(1), peer.goAway]).toEqual([code, undefined]);
    expect(peer.messages).toEqual([MESSAGE]);
  });

  test("with DATA after the end of its message, while its reply waits", () => {
    const peer = new Http2Peer(() => new Promise(() => undefined));
    peer.send(GREETING, called(), frame(DATA, END_STREAM, 1, framed(MESSAGE)), called(3));
    expect(peer.reset(1)).toBe(STREAM_CLOSED);
    expect(peer.messages).toHaveLength(2);
  });

  test("above the limit of open calls", () => {
    const peer = greeted(...Array.from({ length: 1_001 }, (_, at) => opened(2 * at + 1)));
    expect([peer.reset(1_999), peer.reset(2_001), peer.goAway]).toEqual([
      undefined,
      REFUSED_STREAM,
      undefined,
    ]);
  });
});

describe("what has no meaning here changes nothing:", () => {
  const harmless: Record<string, Buffer> = {
    "a frame of a type that there is not": frame(200, 255, 1, MESSAGE),
    "PRIORITY of a stream that is not open": frame(PRIORITY, 0, 7, Buffer.alloc(5)),
    "a setting that there is not": frame(SETTINGS, 0, 0, setting(0x99, 1)),
    "the largest window": frame(WINDOW, 0, 0, numbers(2 ** 31 - 1 - 65_535)),
    "GOAWAY of the client": frame(GOAWAY, 0, 0, numbers(0, 0)),
    "frames of a call that has been answered": Buffer.concat([
      called(),
      frame(DATA, 0, 1, MESSAGE),
      frame(RST, 0, 1, numbers(8)),
      frame(WINDOW, 0, 1, numbers(1)),
      frame(HEADERS, END_HEADERS | END_STREAM, 1, encodeHeaders({ "x-last": "1" })),
    ]),
  };
  test.each(Object.entries(harmless))("%s", (_, bytes) => {
    const peer = greeted(bytes, called(101));
    expect(peer.goAway).toBeUndefined();
    expect(peer.messages.at(-1)).toEqual(MESSAGE);
  });
});

test("padding and priorities are cut off", () => {
  const padded = Buffer.concat([Buffer.from([3]), framed(MESSAGE), Buffer.alloc(3)]);
  const headers = Buffer.concat([Buffer.from([2]), Buffer.alloc(5), CHECK_HEADERS, Buffer.alloc(2)]);
  const peer = greeted(
    frame(HEADERS, END_HEADERS | PADDED | 32, 1, headers),
    frame(DATA, END_STREAM | PADDED, 1, padded),
  );
  expect(peer.messages).toEqual([MESSAGE]);
});

test("what is sent is understood the same, however it is cut into chunks", () => {
  const bytes = Buffer.concat([
    GREETING,
    called(1),
    frame(PING, 0, 0, Buffer.alloc(8)),
    called(3),
    called(5),
  ]);
  const whole = new Http2Peer();
  whole.send(bytes);
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length), { maxLength: 30 }), (places) => {
      const cuts = [0, ...places.sort((a, b) => a - b), bytes.length];
      const peer = new Http2Peer();
      for (const [at, end] of cuts.slice(1).entries()) peer.send(bytes.subarray(cuts[at], end));
      expect(peer.received).toEqual(whole.received);
      expect(peer.messages).toEqual([MESSAGE, MESSAGE, MESSAGE]);
    }),
  );
});

test("a response is sent as the client allows it, and never more", () => {
  const steps = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 30_000 })), { maxLength: 20 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 90_000 }), fc.nat(100_000), steps, (length, initial, widened) => {
      const peer = new Http2Peer(() => Buffer.alloc(length, 7));
      const sent = () =>
        peer.received
          .filter(({ type }) => type === DATA)
          .reduce((sum, { payload }) => sum + payload.length, 0);
      peer.send(GREETING, frame(SETTINGS, 0, 0, setting(4, initial)), called());
      let stream = initial;
      let connection = 65_535;
      for (const [isOfStream, bytes] of [...widened, [true, 200_000], [false, 200_000]] as const) {
        expect(sent()).toBe(Math.min(stream, connection, length + 5));
        if (isOfStream) stream += bytes;
        else connection += bytes;
        // A stream that has ended can still be widened, since the client may not know yet.
        peer.send(frame(WINDOW, 0, isOfStream ? 1 : 0, numbers(bytes)));
      }
      expect(sent()).toBe(length + 5);
      expect(peer.received.at(-1)).toMatchObject({ type: HEADERS, flags: END_HEADERS | END_STREAM });
    }),
    { numRuns: 50 },
  );
});

test("a client that sends without end gets room for more, on its stream and on the connection", () => {
  const peer = new Http2Peer();
  peer.send(GREETING, opened());
  const part = Buffer.concat([framed(Buffer.alloc(90_000)).subarray(0, 16_000)]);
  peer.send(frame(DATA, 0, 1, part));
  for (let stream = 3; stream < 1_100; stream += 2)
    peer.send(opened(stream), frame(DATA, 0, stream, part), frame(RST, 0, stream, numbers(8)));
  const updates = peer.received.filter(({ type, stream }) => type === WINDOW && stream === 0);
  expect(updates.map(({ payload }) => payload.readUInt32BE(0))).toEqual([
    16_777_216 - 65_535,
    expect.any(Number),
  ]);
});
