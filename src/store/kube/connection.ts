import { type Dispatcher, Pool, ProxyAgent } from "undici";
import { type Clock, systemClock } from "../../base/clock.ts";
import { errorCodeOrName } from "../../base/errorCode.ts";
import { parseJson } from "../../base/json.ts";
import { StoreUnavailable } from "../store.ts";
import type { Access, Identity } from "./access.ts";

export interface Call {
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly contentType?: string;
  /** What to ask for instead of whole objects as JSON. */
  readonly accept?: string;
  readonly signal?: AbortSignal | undefined;
}

/** What the server said, whatever its code; `body` is undefined where it is not JSON. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** The server's clock, as its Date header tells it. */
  readonly date?: string;
}

/** An answer that goes on for as long as the server has something to say. */
export interface Stream {
  readonly status: number;
  readonly chunks: AsyncIterable<Uint8Array>;
}

export interface ConnectionOptions {
  /** Most connections at a time, watches included. */
  readonly connections: number;
  /** How long the server may say nothing in a request that is not a watch. */
  readonly timeoutMs: number;
  /** An answer that is longer fails as AnswerTooLarge. */
  readonly maxBodyBytes: number;
  readonly clock: Clock;
}

const DEFAULTS: ConnectionOptions = {
  connections: 64,
  timeoutMs: 30_000,
  maxBodyBytes: 67_108_864,
  clock: systemClock,
};

/** A server that says 429 with Retry-After is asked again so often before the answer stands. */
const BUSY_RETRIES = 3;
/** A server's wish to be left alone is heeded for so long at most: who renews a Lease must not sleep through its end. */
const LONGEST_PAUSE_S = 5;
const NEVER = new AbortController().signal;

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** The answer has more bytes than are read; asking for less may help. */
export class AnswerTooLarge extends StoreUnavailable {}

/**
 * Requests to one API server over one bounded pool of kept connections. Every failure to get an answer is a
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

  /** One request and its whole answer. */
  async request(method: Method, path: string, call: Call = {}): Promise<Answer> {
    try {
      const response = await this.#send(method, path, call, this.#options.timeoutMs);
      const { date } = response.headers;
      const body = await this.#read(response.body);
      return { status: response.statusCode, body, ...(typeof date === "string" ? { date } : {}) };
    } catch (error) {
      throw unavailable(method, path, error);
    }
  }

  /** A request whose answer is read while it comes; the server may be silent for `silenceMs`. */
  async stream(path: string, call: Call, silenceMs: number): Promise<Stream> {
    try {
      const response = await this.#send("GET", path, call, silenceMs);
      return { status: response.statusCode, chunks: response.body };
    } catch (error) {
      throw unavailable("GET", path, error);
    }
  }

  /** Cuts every connection; requests under way fail. */
  async close(): Promise<void> {
    await this.#pool?.dispatcher.destroy();
  }

  async #send(
    method: Method,
    path: string,
    call: Call,
    bodyTimeout: number,
  ): Promise<Dispatcher.ResponseData> {
    for (let again = 0; ; again++) {
      const response = await this.#sendIdentified(method, path, call, bodyTimeout);
      const pause = again < BUSY_RETRIES ? busyFor(response) : undefined;
      if (pause === undefined) return response;
      await response.body.dump();
      await this.#options.clock.sleep(pause, call.signal ?? NEVER);
    }
  }

  async #sendIdentified(
    method: Method,
    path: string,
    call: Call,
    bodyTimeout: number,
  ): Promise<Dispatcher.ResponseData> {
    const response = await this.#sendOnce(method, path, call, bodyTimeout);
    if (response.statusCode !== 401) return response;
    // A token that expired a moment ago: the request was not looked at, so it may be sent again with the next one.
    await response.body.dump();
    this.#access.forget();
    return this.#sendOnce(method, path, call, bodyTimeout);
  }

  async #sendOnce(method: Method, path: string, call: Call, bodyTimeout: number) {
    const identity = await this.#access.identify();
    const query = new URLSearchParams(call.query).toString();
    return this.#dispatcher(identity).request({
      origin: this.#access.server.origin,
      path: `${this.#base}${path}${query === "" ? "" : `?${query}`}`,
      method,
      headers: headersFor(identity, call),
      body: call.body === undefined ? null : JSON.stringify(call.body),
      signal: call.signal ?? null,
      headersTimeout: this.#options.timeoutMs,
      bodyTimeout,
    });
  }

  /** The pool for this certificate and authority; the one before it ends when its requests have. */
  #dispatcher({ tls, tlsKey }: Identity): Dispatcher {
    if (this.#pool?.tlsKey === tlsKey) return this.#pool.dispatcher;
    void this.#pool?.dispatcher.close().catch(() => undefined);
    const { connections, timeoutMs } = this.#options;
    const timeout = Math.min(10_000, timeoutMs);
    const connect = { ...tls, timeout, keepAlive: true, keepAliveInitialDelay: 30_000 };
    const dispatcher = this.#access.proxy
      ? new ProxyAgent({ uri: this.#access.proxy, requestTls: connect, connections, allowH2: false })
      : new Pool(this.#access.server.origin, { connections, allowH2: false, connect });
    this.#pool = { tlsKey, dispatcher };
    return dispatcher;
  }

  async #read(body: Dispatcher.ResponseData["body"]): Promise<unknown> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of body) {
      size += chunk.length;
      if (size > this.#options.maxBodyBytes) throw new AnswerTooLarge("its answer is too large");
      chunks.push(chunk);
    }
    return parseJson(Buffer.concat(chunks).toString("utf8"));
  }
}

/** How long a server that has too much to do wants to be left alone, in milliseconds. The request was not carried out, so it may be sent again. */
function busyFor({ statusCode, headers }: Dispatcher.ResponseData): number | undefined {
  const seconds = Number(headers["retry-after"]);
  if (statusCode !== 429 || !(seconds > 0)) return undefined;
  return Math.min(seconds, LONGEST_PAUSE_S) * 1_000;
}

function headersFor({ headers }: Identity, call: Call): Record<string, string> {
  const common = { ...headers, accept: call.accept ?? "application/json", "user-agent": "countersign" };
  if (call.body === undefined) return common;
  return { ...common, "content-type": call.contentType ?? "application/json" };
}

/** Node's and undici's errors have codes that say enough; their messages may quote what was sent. */
function unavailable(method: Method, path: string, error: unknown): StoreUnavailable {
  if (error instanceof AnswerTooLarge) return new AnswerTooLarge(`${method} ${path}: ${error.message}`);
  return new StoreUnavailable(`${method} ${path}: ${errorCodeOrName(error)}`);
}
