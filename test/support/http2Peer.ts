import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { Health } from "../../src/verifier/transport/health.ts";
import { Http2Transport } from "../../src/verifier/transport/http2/http2Transport.ts";
import { limitsFor } from "../../src/verifier/transport/http2/limits.ts";
import { encodeHeaders } from "../../src/verifier/transport/http2/wire/hpack/encode.ts";
import type { Handler } from "../../src/verifier/transport/transport.ts";

export const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
/** What a client sends first: the preface and empty SETTINGS. */
export const GREETING = Buffer.concat([PREFACE, frame(4, 0, 0)]);
/** A block of headers of a Check. */
export const CHECK_HEADERS = encodeHeaders({
  ":method": "POST",
  ":scheme": "http",
  ":path": "/envoy.service.auth.v3.Authorization/Check",
  "content-type": "application/grpc",
});

/** One HTTP/2 frame. */
export function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Buffer = Buffer.alloc(0),
): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** Numbers of 32 bits, as a payload. */
export function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [at, value] of values.entries()) bytes.writeUInt32BE(value, 4 * at);
  return bytes;
}

/** A frame that came. */
interface Received {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

/** Splits what came into frames. */
function framesOf(bytes: Buffer): readonly Received[] {
  const frames: Received[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 9 + bytes.readUIntBE(at, 3);
    frames.push({
      type: bytes[at + 3] as number,
      flags: bytes[at + 4] as number,
      stream: bytes.readUInt32BE(at + 5),
      payload: bytes.subarray(at + 9, end),
    });
    at = end;
  }
  return frames;
}

/** The http2 transport with one connection in memory, whose client sends any bytes. */
export class Http2Peer {
  readonly messages: Buffer[] = [];
  readonly #socket = new MemorySocket();
  readonly #transport: Http2Transport;

  constructor(handler: Handler = (call) => call.message) {
    this.#transport = new Http2Transport(
      (call) => {
        this.messages.push(Buffer.from(call.message));
        return handler(call);
      },
      new Health(() => true),
      { maxMessageBytes: 100_000, maxConnectionAgeMs: Number.POSITIVE_INFINITY },
      { limits: { ...limitsFor(100_000), tickMs: 1_000_000 } },
    );
    this.#transport.accept(this.#socket as unknown as Socket);
  }

  send(...bytes: readonly Buffer[]): void {
    this.#socket.emit("data", Buffer.concat(bytes));
  }

  /** Closes the transport, and its timer. */
  async close(): Promise<void> {
    await this.#transport.close(0);
  }

  /** All frames that the transport has sent. */
  get received(): readonly Received[] {
    return framesOf(Buffer.concat(this.#socket.sent));
  }

  /** The error code of GOAWAY; undefined if none was sent. */
  get goAway(): number | undefined {
    return this.received.find(({ type }) => type === 7)?.payload.readUInt32BE(4);
  }

  /** The error code of RST_STREAM of a stream. */
  reset(stream: number): number | undefined {
    return this.received.find((it) => it.type === 3 && it.stream === stream)?.payload.readUInt32BE(0);
  }

  get isClosed(): boolean {
    return this.#socket.destroyed;
  }
}

/** A socket without a peer: what is written to it is kept. */
class MemorySocket extends EventEmitter {
  readonly sent: Buffer[] = [];
  readonly writableLength = 0;
  destroyed = false;

  get writable(): boolean {
    return !this.destroyed;
  }

  write(bytes: Buffer): boolean {
    this.sent.push(Buffer.from(bytes));
    return true;
  }

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.emit("close");
  }

  destroySoon(): void {
    this.destroy();
  }

  pause(): this {
    return this;
  }

  resume(): this {
    return this;
  }
}
