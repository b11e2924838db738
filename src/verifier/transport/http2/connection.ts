import { constants, type ServerHttp2Session } from "node:http2";
import type { Limits } from "./limits.ts";

/** More than any stream's id: a GOAWAY with it refuses no call, so that none is lost that is on its way. */
const NO_STREAM_REFUSED = 2 ** 31 - 1;

/** One HTTP/2 connection: its age, whether its client still lives, and its end. */
export class Connection {
  readonly #session: ServerHttp2Session;
  readonly #limits: Limits;
  readonly #aged: NodeJS.Timeout | undefined;
  #ticks = 0;
  #hasSpoken = false;
  #isPinged = false;
  #second: NodeJS.Timeout | undefined;
  #force: NodeJS.Timeout | undefined;

  /** `maxAgeMs` is Infinity for no such limit. */
  constructor(session: ServerHttp2Session, maxAgeMs: number, limits: Limits) {
    this.#session = session;
    this.#limits = limits;
    session.once("remoteSettings", () => {
      this.#hasSpoken = true;
    });
    // A connection that breaks is the loss of its client alone.
    session.on("error", () => undefined);
    session.once("close", () => {
      clearTimeout(this.#aged);
      clearTimeout(this.#second);
      clearTimeout(this.#force);
    });
    if (Number.isFinite(maxAgeMs)) this.#aged = setTimeout(() => this.drain(limits.ageGraceMs), maxAgeMs);
  }

  /** Call it every `limits.tickMs`: cuts off a client that does not speak HTTP/2, or is gone without a word. */
  tick(): void {
    const { prefaceTicks, pingTicks } = this.#limits;
    this.#ticks++;
    if (!this.#hasSpoken && this.#ticks >= prefaceTicks) this.#session.destroy();
    else if (this.#ticks % pingTicks === 0) this.#ping();
  }

  /**
   * Tells the client to open no more calls, lets those that are open or on their way end, and cuts the connection off after
   * `graceMs`. The first GOAWAY refuses nothing; the second one follows when the client has seen the first.
   */
  drain(graceMs: number): void {
    const session = this.#session;
    if (session.destroyed || session.closed || this.#force) return;
    this.#force = setTimeout(() => session.destroy(), graceMs);
    session.goaway(constants.NGHTTP2_NO_ERROR, NO_STREAM_REFUSED);
    session.ping(() => session.close());
    // Some clients answer no ping once they have seen GOAWAY: that of Node 24, when it has no calls.
    this.#second = setTimeout(() => session.close(), Math.min(this.#limits.goawayMs, graceMs));
  }

  #ping(): void {
    if (this.#isPinged) {
      this.#session.destroy();
      return;
    }
    this.#isPinged = true;
    this.#session.ping(() => {
      this.#isPinged = false;
    });
  }
}
