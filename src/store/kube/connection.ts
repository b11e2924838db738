import { type Dispatcher, Pool, ProxyAgent } from "undici";
import { type Clock, systemClock } from "../../base/clock.ts";
import { errorCodeOrName } from "../../base/errorCode.ts";
import { parseJson } from "../../base/json.ts";
import { StoreUnavailable } from "../store.ts";
import type { Access, Identity } from "./access.ts";
import { BodyTooLarge, exchange, type Reply } from "./exchange.ts";

export interface Call {
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly contentType?: string;
  /** The Accept header; default: whole objects as JSON. */
  readonly accept?: string;
  readonly signal?: AbortSignal | undefined;
  /**
   * Called with the response's bytes before they are parsed, so that what follows from them can be asked for meanwhile. They are parsed
   * when the promise resolves: undici sends a request on a connection that has just been used only after the event loop has turned.
   */
  readonly arrived?: (body: Buffer) => Promise<void> | undefined;
  /** Called when the request is sent, and again if it is sent again. */
  readonly sent?: () => void;
}

/** A response of any status code. */
export interface Answer {
  readonly status: number;
  /** The value of JSON, a Buffer of protobuf, undefined of any other response. */
  readonly body: unknown;
  /** The server's clock, from its Date header. */
  readonly date?: string;
}

/** A streaming response. */
export interface Stream {
  readonly status: number;
  readonly chunks: AsyncIterable<Uint8Array>;
}

export interface ConnectionOptions {
  /** The maximum number of connections, including watches. */
  readonly connections: number;
  /** How long the server may be silent in a request that is not a watch, in milliseconds. */
  readonly timeoutMs: number;
  /** A longer response fails with AnswerTooLarge. */
  readonly maxBodyBytes: number;
  readonly clock: Clock;
}

const DEFAULTS: ConnectionOptions = {
  connections: 64,
  timeoutMs: 30_000,
  maxBodyBytes: 67_108_864,
  clock: systemClock,
};

/**
 * How long an unused connection is kept, in milliseconds: longer than the pauses between two renewals of a Lease, shorter than the 90 s
 * after which the API server closes it.
 */
const KEEP_ALIVE_MS = 30_000;
/** How often a request is retried after 429 with Retry-After before that response is returned. */
const BUSY_RETRIES = 3;
/** Retry-After is honoured up to this limit, in seconds: a Lease renewal must not wait past the end of the Lease. */
const LONGEST_PAUSE_S = 5;
/** The Content-Type of the API server's own encoding. */
const PROTOBUF = "application/vnd.kubernetes.protobuf";
const NEVER = new AbortController().signal;

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** The response exceeds the size limit; a smaller page may help. */
export class AnswerTooLarge extends StoreUnavailable {}

/**
 * Requests to one API server over one bounded pool of kept connections. Every failure to get a response is a
 * StoreUnavailable whose message names the request and an error code, never a body, a header or a query.
 */
export class Connection {
  readonly #access: Access;
  readonly #options: ConnectionOptions;
  readonly #base: string;
  #pool: { readonly tlsKey: string; readonly dispatcher: Dispatcher } | undefined;

  constructor(access: Access, options: Partial<ConnectionOptions> = {}) {
    this.#access = access;
    this.#options = { ...DEFAULTS, ...options };
    this.#base = access.server.pathname.replace(/\/+$/, "");
  }

  /** Sends one request and reads its whole response. */
  async request(method: Method, path: string, call: Call = {}): Promise<Answer> {
    const { timeoutMs, maxBodyBytes } = this.#options;
    const options = { maxBodyBytes, signal: call.signal, sent: call.sent };
    try {
      const reply = await this.#send(call, (identity) => {
        const request = this.#requestOf(method, path, call, identity, timeoutMs);
        return exchange(this.#dispatcher(identity), request, options);
      });
      await call.arrived?.(reply.body);
      const { date, "content-type": type } = reply.headers;
      const body = String(type).startsWith(PROTOBUF) ? reply.body : parseJson(reply.body.toString("utf8"));
      return { status: reply.statusCode, body, ...(typeof date === "string" ? { date } : {}) };
    } catch (error) {
      throw unavailable(method, path, error);
    }
  }

  /** Sends a request with a streaming response; the server may be silent for `silenceMs`. */
  async stream(path: string, call: Call, silenceMs: number): Promise<Stream> {
    try {
      const response = await this.#send(call, async (identity) => {
        const request = this.#requestOf("GET", path, call, identity, silenceMs);
        const streamed = await this.#dispatcher(identity).request({
          ...request,
          signal: call.signal ?? null,
        });
        return { ...streamed, discard: () => streamed.body.dump() };
      });
      return { status: response.statusCode, chunks: response.body };
    } catch (error) {
      throw unavailable("GET", path, error);
    }
  }

  /** Closes every connection; requests in flight fail. */
  async close(): Promise<void> {
    await this.#pool?.dispatcher.destroy();
  }

  /** Sends it again while the server is busy. */
  async #send<T extends Sent>(call: Call, once: (identity: Identity) => Promise<T>): Promise<T> {
    for (let again = 0; ; again++) {
      const response = await this.#sendIdentified(once);
      const pause = again < BUSY_RETRIES ? busyFor(response) : undefined;
      if (pause === undefined) return response;
      await response.discard?.();
      await this.#options.clock.sleep(pause, call.signal ?? NEVER);
    }
  }

  async #sendIdentified<T extends Sent>(once: (identity: Identity) => Promise<T>): Promise<T> {
    const response = await once(await this.#access.identify());
    if (response.statusCode !== 401) return response;
    // The token may just have expired. The request was not processed, so it may be sent again with a new one.
    await response.discard?.();
    this.#access.forget();
    return once(await this.#access.identify());
  }

  #requestOf(method: Method, path: string, call: Call, identity: Identity, bodyTimeout: number) {
    const query = call.query === undefined ? "" : `?${new URLSearchParams(call.query)}`;
    return {
      origin: this.#access.server.origin,
      path: `${this.#base}${path}${query === "?" ? "" : query}`,
      method,
      headers: headersFor(identity, call),
      body: call.body === undefined ? null : JSON.stringify(call.body),
      headersTimeout: this.#options.timeoutMs,
      bodyTimeout,
    };
  }

  /** The pool for this certificate and CA; the previous pool closes once its requests have ended. */
  #dispatcher({ tls, tlsKey }: Identity): Dispatcher {
    if (this.#pool?.tlsKey === tlsKey) return this.#pool.dispatcher;
    void this.#pool?.dispatcher.close().catch(() => undefined);
    const { connections, timeoutMs } = this.#options;
    const timeout = Math.min(10_000, timeoutMs);
    const connect = { ...tls, timeout, keepAlive: true, keepAliveInitialDelay: 30_000 };
    const dispatcher = this.#access.proxy
      ? new ProxyAgent({ uri: this.#access.proxy, requestTls: connect, connections, allowH2: false })
      : new Pool(this.#access.server.origin, {
          connections,
          allowH2: false,
          connect,
          keepAliveTimeout: KEEP_ALIVE_MS,
        });
    this.#pool = { tlsKey, dispatcher };
    return dispatcher;
  }
}

/** A response, as far as it decides whether the request is sent again. */
interface Sent {
  readonly statusCode: number;
  readonly headers: Reply["headers"];
  /** Frees the connection of a response that is not used; missing if the body has been read. */
  readonly discard?: () => Promise<unknown>;
}

/** The Retry-After of an overloaded server, in milliseconds. The request was not carried out, so it may be sent again. */
function busyFor({ statusCode, headers }: Sent): number | undefined {
  const seconds = Number(headers["retry-after"]);
  if (statusCode !== 429 || !(seconds > 0)) return undefined;
  return Math.min(seconds, LONGEST_PAUSE_S) * 1_000;
}

function headersFor({ headers }: Identity, call: Call): Record<string, string> {
  const common = { ...headers, accept: call.accept ?? "application/json", "user-agent": "countersign" };
  if (call.body === undefined) return common;
  return { ...common, "content-type": call.contentType ?? "application/json" };
}

/** Only the error code is used: messages of Node and undici may quote the request. */
function unavailable(method: Method, path: string, error: unknown): StoreUnavailable {
  if (error instanceof BodyTooLarge)
    return new AnswerTooLarge(`${method} ${path}: its response is too large`);
  return new StoreUnavailable(`${method} ${path}: ${errorCodeOrName(error)}`);
}
