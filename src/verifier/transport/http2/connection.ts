import type { ServerHttp2Session } from "node:http2";
import type { Limits } from "./limits.ts";

/** One HTTP/2 connection: its age, whether its client still lives, and its end. */
export class Connection {
  readonly #session: ServerHttp2Session;
  readonly #limits: Limits;
  readonly #aged: NodeJS.Timeout | undefined;
  #ticks = 0;
  #hasSpoken = false;
  #isPinged = false;
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
      clearTimeout(this.#force);
    });
    if (Number.isFinite(maxAgeMs)) this.#aged = setTimeout(() => this.drain(limits.ageGraceMs), maxAgeMs);
  }

  /** Call it every `limits.tickMs`: cuts off a client that does not speak HTTP/2, or is gone without a word. */
  tick(): void {
    const { prefaceTicks, pingTicks } = this.#limits;
    if (this.#session.destroyed || this.#force) return;
    this.#ticks++;
    if (!this.#hasSpoken && this.#ticks >= prefaceTicks) this.#session.destroy();
    else if (this.#ticks % pingTicks === 0) this.#ping();
  }

  /**
   * Asks the client to open no more calls, lets those that are open end, and cuts the connection off after `graceMs`. Calls that are on
   * their way are above the id of the GOAWAY, so the client knows that they were not begun. (A first GOAWAY that refuses nothing, as other
   * servers send it, would not help: after any GOAWAY Node 24 stops reading as soon as no call is open.)
   */
  drain(graceMs: number): void {
    const session = this.#session;
    if (session.destroyed || this.#force) return;
    this.#force = setTimeout(() => session.destroy(), graceMs);
    session.close();
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
