/** What a client may still send of a stream or a connection: flow control of RFC 9113, section 5.2. */
export class ReceiveWindow {
  readonly #size: number;
  /** Since the last WINDOW_UPDATE. */
  #received = 0;

  /** `size` in bytes. */
  constructor(size: number) {
    this.#size = size;
  }

  /** DATA of this length begins; padding counts. Returns false if the client may not send as much. */
  take(length: number): boolean {
    this.#received += length;
    return this.#received <= this.#size;
  }

  /** By how much to widen the window now, since half of it is used; 0 for not yet. */
  due(): number {
    if (this.#received * 2 < this.#size) return 0;
    const due = this.#received;
    this.#received = 0;
    return due;
  }
}
