import { type ClientHttp2Session, connect as connectHttp2, constants } from "node:http2";
import { connect, type Socket } from "node:net";
import { CHECK, signed } from "../../test/support/loopbackVerifier.ts";
import { framed, HEALTH_WATCH, open } from "../../test/transport/harness.ts";

/** Misbehaves at the port until the process is killed. */
type Peer = (port: number) => void;

const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
const frame = (type: number, flags: number, stream: number, payload: Buffer) =>
  Buffer.concat([Buffer.from([0, 0, payload.length, type, flags, 0, 0, 0, stream]), payload]);
const SETTINGS = frame(4, 0, 0, Buffer.alloc(0));
const HEADERS = Buffer.concat([
  Buffer.from([0x83, 0x86, 0]),
  ...[":path", CHECK, "\0content-type", "application/grpc"].map((text) => {
    const bytes = Buffer.from(text.replace("\0", ""));
    const prefix = text.startsWith("\0") ? [0, bytes.length] : [bytes.length];
    return Buffer.concat([Buffer.from(prefix), bytes]);
  }),
]);

/** Sends `one` again and again on a raw connection, and reads nothing; connects again when it is cut off. */
const floodOf =
  (one: Buffer, first: Buffer = Buffer.alloc(0)): Peer =>
  (port) => {
    const many = Buffer.concat(Array.from({ length: 1_000 }, () => one));
    raw(port, (socket) => {
      socket.pause();
      socket.write(Buffer.concat([PREFACE, SETTINGS, first]));
      const more = () => {
        while (!socket.destroyed && socket.write(many));
      };
      socket.on("drain", more);
      more();
    });
  };

/** Does this on an HTTP/2 connection, round after round; connects again when it is cut off. */
const rounds =
  (round: (session: ClientHttp2Session) => void, options: object = {}): Peer =>
  (port) => {
    const session = connectHttp2(`http://127.0.0.1:${port}`, options);
    session.on("error", () => undefined);
    const timer = setInterval(() => {
      if (!session.destroyed && !session.closed) round(session);
    }, 5);
    session.on("close", () => {
      clearInterval(timer);
      setTimeout(() => rounds(round, options)(port), 10);
    });
  };

const times = (count: number, action: () => void) => {
  for (let at = 0; at < count; at++) action();
};

/** Each under what it does. */
export const PEERS: Readonly<Record<string, Peer>> = {
  "nothing (no bad peer)": () => setInterval(() => undefined, 1_000),
  "resets streams": rounds((session) => times(100, () => open(session).close(constants.NGHTTP2_CANCEL))),
  "resets whole Checks": rounds((session) =>
    times(50, () => {
      const stream = open(session);
      stream.end(framed(signed()), () => stream.close(constants.NGHTTP2_CANCEL));
    }),
  ),
  "reads no responses": rounds((session) => times(20, () => open(session).end(framed(signed()))), {
    settings: { initialWindowSize: 0 },
  }),
  "leaves messages unfinished": rounds((session) =>
    times(10, () => open(session).write(framed(Buffer.alloc(120_000)).subarray(0, 100_000))),
  ),
  "sends messages that are too long": rounds((session) =>
    times(10, () => open(session).end(framed(Buffer.alloc(300_000)))),
  ),
  "sends large headers": rounds((session) =>
    times(10, () => open(session, { "x-large": "a".repeat(60_000) }).end(framed(signed()))),
  ),
  "asks for 1,000 watches": rounds((session) =>
    times(20, () => open(session, { ":path": HEALTH_WATCH }).end(framed(Buffer.alloc(0)))),
  ),
  "connects 1,000 times, and is silent": (port) => times(1_000, () => raw(port, () => undefined)),
  "sends SETTINGS 1,000 times, and is silent": (port) =>
    times(1_000, () => raw(port, (socket) => void socket.write(Buffer.concat([PREFACE, SETTINGS])))),
  "half-closes connections": (port) =>
    times(20, () => raw(port, (socket) => void socket.end(Buffer.concat([PREFACE, SETTINGS])))),
  "sends garbage": (port) =>
    times(20, () => raw(port, (socket) => void socket.write(Buffer.alloc(65_536, 255)))),
  "sends pings, and reads nothing": floodOf(frame(6, 0, 0, Buffer.alloc(8))),
  "sends settings, and reads nothing": floodOf(SETTINGS),
  "sends data frames without data": floodOf(frame(0, 0, 1, Buffer.alloc(0)), frame(1, 4, 1, HEADERS)),
  "sends a header block without end": floodOf(frame(9, 0, 1, Buffer.from([0x82])), frame(1, 0, 1, HEADERS)),
};

/** A raw connection, made again 10 ms after it has closed. */
function raw(port: number, connected: (socket: Socket) => void): void {
  const socket = connect(port, "127.0.0.1", () => connected(socket));
  socket.on("error", () => undefined);
  socket.resume();
  socket.on("close", () => setTimeout(() => raw(port, connected), 10));
}

const [name, port] = process.argv.slice(2);
if (name !== undefined && port !== undefined) PEERS[name]?.(Number(port));
