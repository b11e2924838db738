/** The input whose progress is shown, and the terminal. */
export interface ProgressOptions {
  /** Writes to the terminal. */
  readonly write: (text: string) => void;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
  /** The fraction of the input that has been read, from 0 to 1; undefined if its size is unknown. */
  readonly share: () => number | undefined;
}

/** A short run shows nothing, and a long one no more than four updates a second. */
const BEGIN_AFTER_MS = 1_000;
const PAUSE_MS = 250;
/** Return to the first column; erase the rest of the line. */
const [RETURN, ERASE] = ["\r", "\u001b[K"];

/** The progress of a long run, as one line on a terminal. It is erased at the end. */
export class Progress {
  readonly #options: ProgressOptions;
  #next: number;
  #isShown = false;

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#next = options.now() + BEGIN_AFTER_MS;
  }

  /** Shows the number of requests that are done, if an update is due. */
  update(requests: number): void {
    const { now, share, write } = this.#options;
    if (now() < this.#next) return;
    this.#next = now() + PAUSE_MS;
    this.#isShown = true;
    const part = share();
    const percent = part === undefined ? "" : ` (${Math.floor(Math.min(part, 1) * 100)} %)`;
    write(`${RETURN}replaying: ${requests} requests${percent}${ERASE}`);
  }

  clear(): void {
    if (this.#isShown) this.#options.write(`${RETURN}${ERASE}`);
    this.#isShown = false;
  }
}
