import { Backoff } from "../../../base/backoff.ts";
import type { Clock } from "../../../base/clock.ts";
import type { RedisSession } from "./session.ts";

export interface ConnectionDeps {
  /** Connects once. Rejects with the reason. */
  readonly open: () => Promise<RedisSession>;
  readonly clock: Clock;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Called with undefined when a connection is there, and with the reason when it is lost or an attempt has failed. */
  readonly onChange: (problem: Error | undefined) => void;
}

const RETRY = { firstMs: 50, longestMs: 5_000 };
/** A server that has not replied to a PING for this long is away: the connection is given up. Milliseconds. */
const PING_MS = 1_000;

/** Keeps one connection to a server: reconnects with back-off, and gives up a connection whose server does not reply. */
export class RedisConnection {
  readonly #deps: ConnectionDeps;
  readonly #backoff: Backoff;
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #session: RedisSession | undefined;

  constructor(deps: ConnectionDeps) {
    this.#deps = deps;
    this.#backoff = new Backoff({ ...RETRY, jitter: deps.random });
  }

  /** Begins to connect. Call it once. */
  start(): void {
    this.#running = this.#run();
  }

  /** The present connection; undefined without a connection. */
  get session(): RedisSession | undefined {
    return this.#session;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#session?.destroy(new Error("the verifier stops"));
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const problem = await this.#serve();
      if (signal.aborted) return;
      this.#deps.onChange(problem);
      await this.#deps.clock.sleep(this.#backoff.next(), signal);
    }
  }

  /** One connection from its beginning to its end; returns why it ended, or why the attempt failed. */
  async #serve(): Promise<Error> {
    try {
      const session = await this.#deps.open();
      if (this.#stop.signal.aborted) session.destroy(new Error("the verifier stops"));
      this.#session = session;
      this.#backoff.reset();
      this.#deps.onChange(undefined);
      void this.#watch(session);
      return await session.ended;
    } catch (error) {
      return new Error(messageOf(error), { cause: error });
    } finally {
      this.#session = undefined;
    }
  }

  /** Sends a PING now and then, and ends the session if one has no reply before the next is due. */
  async #watch(session: RedisSession): Promise<void> {
    const over = new AbortController();
    void session.ended.then(() => over.abort());
    while (!over.signal.aborted) {
      let hasReplied = false;
      session.send(["PING"]).then(
        () => {
          hasReplied = true;
        },
        (error: Error) => session.destroy(error),
      );
      await this.#deps.clock.sleep(PING_MS, over.signal);
      if (!hasReplied) session.destroy(new Error(`the server has not replied for ${PING_MS} ms`));
    }
  }
}

/** Without `instanceof`: an error of Node may come from another realm, such as a test's. */
function messageOf(error: unknown): string {
  const { message } = Object(error) as { readonly message?: unknown };
  return typeof message === "string" && message !== "" ? message : "the server cannot be reached";
}
