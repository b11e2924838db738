import type { Dispatcher } from "undici";

/** A whole response. */
export interface Reply {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** A response's body exceeds the limit. */
export class BodyTooLarge extends Error {
  override readonly name = "BodyTooLarge";
}

export interface ExchangeOptions {
  /** A longer body rejects with BodyTooLarge, and closes the connection. */
  readonly maxBodyBytes: number;
  readonly signal?: AbortSignal | undefined;
  /** Called when the request is about to be written. */
  readonly sent?: (() => void) | undefined;
}

/**
 * Sends a request and reads its whole response. undici's `request()` makes a stream, an iterator and several promises of each response;
 * most of those here are one small chunk. Rejects with the error of undici, or with the signal's reason.
 */
export function exchange(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  options: ExchangeOptions,
): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>();
  dispatcher.dispatch(request, new ReplyReader(options, resolve, reject));
  return promise;
}

class ReplyReader implements Dispatcher.DispatchHandler {
  readonly #options: ExchangeOptions;
  readonly #resolve: (reply: Reply) => void;
  readonly #reject: (reason: unknown) => void;
  #statusCode = 0;
  #headers: Reply["headers"] = {};
  readonly #chunks: Buffer[] = [];
  #size = 0;
  #stopListening: () => void = () => {};

  constructor(options: ExchangeOptions, resolve: (reply: Reply) => void, reject: (reason: unknown) => void) {
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Called again if the request is sent again, which undici does on a connection that ended before it began. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    const { signal, sent } = this.#options;
    sent?.();
    if (!signal) return;
    this.#stopListening();
    const abort = () => controller.abort(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    this.#stopListening = () => signal.removeEventListener("abort", abort);
  }

  onResponseStart(_: Dispatcher.DispatchController, statusCode: number, headers: Reply["headers"]): void {
    this.#statusCode = statusCode;
    this.#headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > this.#options.maxBodyBytes) controller.abort(new BodyTooLarge());
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#stopListening();
    const [first] = this.#chunks;
    const body = first && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks, this.#size);
    this.#resolve({ statusCode: this.#statusCode, headers: this.#headers, body });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#stopListening();
    this.#reject(error);
  }
}
