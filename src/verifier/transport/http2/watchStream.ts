import { constants } from "node:http2";
import type { Watcher } from "../watches.ts";
import { framed, type IncomingCall } from "./incomingCall.ts";

/** One call of Health/Watch: a response for each status, until the client or the transport ends it. */
export class WatchStream implements Watcher {
  readonly request: Buffer;
  readonly #incoming: IncomingCall;
  readonly #maxUnread: number;

  constructor(request: Buffer, incoming: IncomingCall, maxUnread: number) {
    // The call's message is not kept.
    this.request = Buffer.from(request);
    this.#incoming = incoming;
    this.#maxUnread = maxUnread;
  }

  /** A client that does not read many changes is disconnected, because each one that waits takes memory. */
  send(response: Buffer): void {
    const { stream } = this.#incoming;
    if (stream.destroyed || stream.closed) return;
    if (!stream.headersSent) this.#incoming.respond();
    const bytes = framed(response);
    if (stream.writableLength < this.#maxUnread * bytes.length) stream.write(bytes);
    else stream.close(constants.NGHTTP2_CANCEL);
  }

  end(): void {
    this.#incoming.stream.end();
  }
}
