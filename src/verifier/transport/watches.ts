import { type Health, healthResponse, type ServingStatus } from "./health.ts";

/** More watches than any mesh of proxies opens: an unauthenticated client cannot make this process hold more. */
const MAX_WATCHES = 1_000;
/** More than the name of any service takes, in bytes. A watch keeps its request as long as its connection lasts. */
const MAX_REQUEST_BYTES = 1_024;
/** Asks for a service that there is not. */
const MALFORMED = Buffer.from([0xff]);

/** A copy of a HealthCheckRequest, to be kept. One that is too long becomes one for a service that there is not. */
export function keptRequest(request: Buffer): Buffer {
  return request.length > MAX_REQUEST_BYTES ? MALFORMED : Buffer.from(request);
}

/** One call of grpc.health.v1.Health/Watch, as a transport sees it. */
export interface Watcher {
  /** A HealthCheckRequest. */
  readonly request: Buffer;
  /** Sends one HealthCheckResponse. */
  send(response: Buffer): void;
  /** Ends the call with status OK. */
  end(): void;
}

/** The calls of Health/Watch of one transport: each gets its status at once, and again whenever it changes. */
export class Watches {
  readonly #health: Health;
  readonly #sent = new Map<Watcher, ServingStatus | undefined>();
  readonly #unsubscribe: () => void;

  constructor(health: Health) {
    this.#health = health;
    this.#unsubscribe = health.subscribe(() => {
      for (const [watcher, sent] of this.#sent) {
        const status = health.status(watcher.request);
        if (status !== sent) this.#send(watcher, status);
      }
    });
  }

  /** Sends the first status. Returns false, and sends nothing, if there are too many watches. */
  add(watcher: Watcher): boolean {
    if (this.#sent.size >= MAX_WATCHES) return false;
    this.#send(watcher, this.#health.status(watcher.request));
    return true;
  }

  remove(watcher: Watcher): void {
    this.#sent.delete(watcher);
  }

  /** Ends every watch, so that the transport can close. */
  close(): void {
    this.#unsubscribe();
    for (const watcher of this.#sent.keys()) watcher.end();
    this.#sent.clear();
  }

  #send(watcher: Watcher, status: ServingStatus | undefined): void {
    this.#sent.set(watcher, status);
    watcher.send(healthResponse(status));
  }
}
