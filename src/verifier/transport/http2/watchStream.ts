import { keptRequest, type Watcher } from "../watches.ts";
import type { IncomingCall } from "./incomingCall.ts";

/** One call of Health/Watch: a response for each status, until the client or the transport ends it. */
export class WatchStream implements Watcher {
  readonly request: Buffer;
  readonly #incoming: IncomingCall;
  readonly #maxUnread: number;
  #hasResponded = false;

  constructor(request: Buffer, incoming: IncomingCall, maxUnread: number) {
    this.request = keptRequest(request);
    this.#incoming = incoming;
    this.#maxUnread = maxUnread;
  }

  /** A client that does not read many changes is disconnected, because each one that waits takes memory. */
  send(response: Buffer): void {
    if (this.#incoming.isOver) return;
    if (!this.#hasResponded) this.#incoming.respond();
    this.#hasResponded = true;
    if (this.#incoming.unsent.length < this.#maxUnread) this.#incoming.send(response);
    else this.#incoming.cancel();
  }

  end(): void {
    this.#incoming.end();
  }
}
