import type { Socket } from "node:net";
import { freeBuffer } from "./freeBuffer.ts";
import type { Limits } from "./limits.ts";
import { type OpenCallOn, Streams } from "./streams.ts";
import { FrameReader } from "./wire/frameReader.ts";
import { ConnectionError, DEFAULT_WINDOW, ERROR, FRAME, MAX_31_BITS } from "./wire/frames.ts";
import { Output } from "./wire/output.ts";
import { encodeSettings } from "./wire/settings.ts";

const PING = Buffer.from("present?");
const DRAIN_PING = Buffer.from("draining");
/** How long a client that broke the protocol has to read why. */
const FAILED_GRACE_MS = 1_000;

/** 24 days; Node fires a timer at once that is set to more. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** What a session needs of its transport. */
export interface SessionHost {
  readonly limits: Limits;
  readonly open: OpenCallOn;
  /** The connection has closed. */
  closed(session: Session): void;
}

/** One HTTP/2 connection: its socket, its age, whether its client still lives, and its end. */
export class Session {
  readonly #socket: Socket;
  readonly #host: SessionHost;
  readonly #output = new Output();
  readonly #streams: Streams;
  readonly #reader: FrameReader;
  readonly #aged: NodeJS.Timeout | undefined;
  #force: NodeJS.Timeout | undefined;
  /** When it fires, on the clock of `performance`. */
  #forceAt = Number.POSITIVE_INFINITY;
  #ticks = 0;
  #isPinged = false;
  /** A chunk is being read, and what is written is sent after it. */
  #isReading = false;

  /** `maxAgeMs` is Infinity for no such limit. */
  constructor(socket: Socket, host: SessionHost, maxAgeMs: number) {
    const { limits } = host;
    this.#socket = socket;
    this.#host = host;
    this.#streams = new Streams(host.limits, this.#output, host.open, {
      flush: () => this.#flush(),
      pong: (payload) => this.#pong(payload),
      idle: () => this.#endIfDrained(),
    });
    this.#reader = new FrameReader(this.#streams);
    this.#streams.head = this.#reader;
    socket.on("data", (chunk: Buffer) => this.#read(chunk));
    // A connection that breaks is the loss of its client alone.
    socket.on("error", () => undefined);
    socket.on("drain", () => socket.resume());
    socket.once("close", () => this.#closed());
    if (Number.isFinite(maxAgeMs))
      this.#aged = setTimeout(() => this.drain(limits.ageGraceMs), Math.min(maxAgeMs, MAX_TIMER_MS));
    this.#output.frame(
      FRAME.settings,
      0,
      0,
      encodeSettings({
        maxConcurrentStreams: limits.maxStreams,
        initialWindowSize: limits.streamWindow,
        maxHeaderListSize: limits.maxHeaderBytes,
      }),
    );
    this.#output.numbers(FRAME.windowUpdate, 0, limits.connectionWindow - DEFAULT_WINDOW);
    this.#flush();
  }

  /** Call it every tick: cuts off a client that does not speak HTTP/2, or is gone without a word. */
  tick(): void {
    const { prefaceTicks, pingTicks } = this.#host.limits;
    this.#streams.tick();
    if (this.#force) return;
    this.#ticks++;
    if (!this.#streams.hasSpoken && this.#ticks >= prefaceTicks) this.#socket.destroy();
    else if (this.#ticks % pingTicks === 0) this.#ping();
  }

  /**
   * Asks the client to open no more calls, lets those that are open end, and cuts the connection off after `graceMs`. The first GOAWAY
   * refuses nothing; when the client has answered the PING after it, a second one names the last call that was taken. So a client that
   * obeys loses no call: RFC 9113, section 6.8.
   */
  drain(graceMs: number): void {
    if (this.#socket.destroyed) return;
    const isEnding = this.#force !== undefined;
    this.#cutOffWithin(graceMs);
    if (isEnding) return;
    this.#output.numbers(FRAME.goAway, 0, MAX_31_BITS, ERROR.none);
    this.#output.frame(FRAME.ping, 0, 0, DRAIN_PING);
    this.#flush();
  }

  /** Of several times the earliest counts. */
  #cutOffWithin(ms: number): void {
    const at = performance.now() + ms;
    if (at >= this.#forceAt) return;
    clearTimeout(this.#force);
    this.#forceAt = at;
    this.#force = setTimeout(() => this.#socket.destroy(), ms);
  }

  #ping(): void {
    if (this.#isPinged) {
      this.#socket.destroy();
      return;
    }
    this.#isPinged = true;
    this.#output.frame(FRAME.ping, 0, 0, PING);
    this.#flush();
  }

  /** The client has answered a PING. */
  #pong(payload: Buffer): void {
    if (payload.equals(PING)) this.#isPinged = false;
    if (!this.#force || !payload.equals(DRAIN_PING)) return;
    this.#output.numbers(FRAME.goAway, 0, this.#streams.takeNoMore(), ERROR.none);
    this.#endIfDrained();
  }

  #endIfDrained(): void {
    if (!this.#streams.isDrained) return;
    this.#isReading = false;
    this.#flush();
    this.#socket.destroySoon();
  }

  #read(chunk: Buffer): void {
    this.#isReading = true;
    this.#streams.isChunkKept = false;
    try {
      this.#reader.push(chunk);
    } catch (error) {
      this.#fail(error);
    }
    this.#isReading = false;
    this.#flush();
    if (!this.#streams.isChunkKept) freeBuffer(chunk);
  }

  /** Whatever fails here ends this connection and no other. */
  #fail(error: unknown): void {
    this.#isReading = false;
    const code = error instanceof ConnectionError ? error.code : ERROR.internal;
    this.#socket.removeAllListeners("data");
    this.#socket.pause();
    this.#output.numbers(FRAME.goAway, 0, this.#streams.last, code);
    this.#flush();
    this.#socket.destroySoon();
    this.#cutOffWithin(FAILED_GRACE_MS);
    this.#streams.end();
  }

  #flush(): void {
    if (this.#isReading) return;
    const bytes = this.#output.flush();
    if (!bytes || !this.#socket.writable) return;
    const isTaken = this.#socket.write(bytes);
    // A client that does not read is not read either, so that its replies do not fill the memory.
    if (!isTaken && this.#socket.writableLength > this.#host.limits.maxUnsentBytes) this.#socket.pause();
  }

  #closed(): void {
    clearTimeout(this.#aged);
    clearTimeout(this.#force);
    this.#streams.end();
    this.#host.closed(this);
  }
}
