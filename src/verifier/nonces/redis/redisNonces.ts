import type { NonceResult } from "../../../api/vocabulary.ts";
import type { NonceClaim, NonceStore } from "../nonceStore.ts";
import type { RedisSession } from "./session.ts";

export interface RedisNonceOptions {
  /** A claim without a reply by then is `unavailable`; milliseconds. */
  readonly timeoutMs: number;
  /** Called with a reply that is an error. */
  readonly onError: (error: Error) => void;
}

/** The present connection; started and closed with the store. */
interface Connection {
  readonly session: RedisSession | undefined;
  start(): void;
  close(): Promise<void>;
}

/** All keys begin with it, so that an ACL user can be limited to `~countersign:nonce:*`. */
const KEY_PREFIX = "countersign:nonce:";
/** Claims that wait for a reply hold memory; beyond these a new one is `unavailable` at once. */
const MAX_PENDING = 10_000;
/** Envoy's stream id. A longer text is not stored, and its Checks cannot be repeated. */
const REQUEST_ID = /^.{1,32}$/s;
const NO_REQUEST_ID = "-";

/** Nonces in a Valkey or Redis server that several verifiers share: `SET NX` accepts one of all that claim a nonce. */
export class RedisNonces implements NonceStore {
  readonly kind = "redis";
  readonly #connection: Connection;
  readonly #options: RedisNonceOptions;
  #pending = 0;

  constructor(connection: Connection, options: RedisNonceOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  start(): void {
    this.#connection.start();
  }

  isAvailable(): boolean {
    return this.#connection.session !== undefined;
  }

  claim(claim: NonceClaim): NonceResult | Promise<NonceResult> {
    const { session } = this.#connection;
    if (!session || this.#pending >= MAX_PENDING) return "unavailable";
    this.#pending += 1;
    return new Promise((resolve) => {
      // After the timers of a turn the event loop reads the sockets, and only then runs setImmediate: a reply that had arrived
      // in time counts, although this process was busy until the deadline.
      const timer = setTimeout(() => setImmediate(() => resolve("unavailable")), this.#options.timeoutMs);
      const settle = (result: NonceResult) => {
        clearTimeout(timer);
        this.#pending -= 1;
        resolve(result);
      };
      ask(session, claim).then(settle, (error: Error) => {
        this.#options.onError(error);
        if (error.message.startsWith("READONLY")) session.destroy(error);
        settle("unavailable");
      });
    });
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}

/** The value is the request that has used the nonce: a Check that Envoy repeats for it is the same use. */
async function ask(
  session: RedisSession,
  { id, requestId, windowMs }: NonceClaim,
): Promise<"first" | "repeated"> {
  const key = `${KEY_PREFIX}${id}`;
  const hasId = REQUEST_ID.test(requestId) && requestId !== NO_REQUEST_ID;
  const value = hasId ? requestId : NO_REQUEST_ID;
  const reply = await session.send(["SET", key, value, "NX", "PX", String(windowMs)]);
  if (reply === "OK") return "first";
  return hasId && (await session.send(["GET", key])) === value ? "first" : "repeated";
}
