import { ConnectionError, DEFAULT_WINDOW, ERROR, FRAME, MAX_31_BITS, MAX_PAYLOAD_BYTES } from "./frames.ts";
import { fitsOneFrame, type Output, PREFIX_BYTES } from "./output.ts";

/** A stream, as far as sending is concerned. */
export interface Sending {
  readonly id: number;
  /** What the client still takes of this stream, in bytes; negative after it has lowered its setting. */
  sendWindow: number;
  /** What waits for the client to take more. */
  readonly unsent: Buffer[];
  /** Whether the status follows what waits. */
  readonly isEnding: boolean;
  /** The status has been sent. */
  sent(): void;
}

/** Sends responses as fast as the client takes them: flow control of RFC 9113, section 5.2. */
export class Sender {
  /** The window that new streams begin with. */
  initialWindow = DEFAULT_WINDOW;
  readonly #output: Output;
  #window = DEFAULT_WINDOW;
  /** Streams with something to send for which the connection's window is too small. */
  readonly #waiting = new Set<Sending>();

  constructor(output: Output) {
    this.#output = output;
  }

  /** Sends a whole response with status OK, if the client takes all of it now. */
  respond(to: Sending, message: Buffer): boolean {
    const length = PREFIX_BYTES + message.length;
    if (length > this.#window || length > to.sendWindow || !fitsOneFrame(message)) return false;
    this.#window -= length;
    this.#output.response(to.id, message);
    return true;
  }

  /** Sends what waits, as far as the client takes it. */
  pump(to: Sending): void {
    for (let first = to.unsent[0]; first; first = to.unsent[0]) {
      const length = Math.min(first.length, MAX_PAYLOAD_BYTES, to.sendWindow, this.#window);
      if (length <= 0) {
        this.#waiting.add(to);
        return;
      }
      this.#window -= length;
      to.sendWindow -= length;
      this.#output.frame(FRAME.data, 0, to.id, first.subarray(0, length));
      if (length === first.length) to.unsent.shift();
      else to.unsent[0] = first.subarray(length);
    }
    this.#waiting.delete(to);
    if (!to.isEnding) return;
    this.#output.okTrailers(to.id);
    to.sent();
  }

  /** The stream has ended. */
  forget(to: Sending): void {
    this.#waiting.delete(to);
  }

  /** The client takes so many more bytes of the connection. Throws ConnectionError. */
  widen(bytes: number): void {
    if (bytes === 0) throw new ConnectionError(ERROR.protocol, "WINDOW_UPDATE by 0");
    this.#window += bytes;
    if (this.#window > MAX_31_BITS) throw new ConnectionError(ERROR.flowControl, "the window is too large");
    for (const stream of [...this.#waiting]) this.pump(stream);
  }

  /** The client takes so many more bytes of a stream. Returns false if that is more than it may allow. */
  widenStream(stream: Sending, bytes: number): boolean {
    stream.sendWindow += bytes;
    if (stream.sendWindow > MAX_31_BITS) return false;
    if (this.#waiting.has(stream)) this.pump(stream);
    return true;
  }

  /** The client has set the window of its streams. Throws ConnectionError. */
  resize(window: number, streams: Iterable<Sending>): void {
    const change = window - this.initialWindow;
    this.initialWindow = window;
    for (const stream of streams)
      if (!this.widenStream(stream, change))
        throw new ConnectionError(ERROR.flowControl, "the window of a stream is too large");
  }
}
