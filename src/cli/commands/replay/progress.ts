/** What progress is shown of, and on. */
export interface ProgressOptions {
  /** To a terminal. */
  readonly write: (text: string) => void;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
  /** How much of the input is read, from 0 to 1; undefined where its length is not known. */
  readonly share: () => number | undefined;
}

/** A short run shows nothing, and a long one no more than four updates a second. */
const BEGIN_AFTER_MS = 1_000;
const PAUSE_MS = 250;
/** Back to the first column, and the rest of the line erased. */
const [RETURN, ERASE] = ["\r", "\u001b[K"];

/** One line on a terminal that says how far a long run is. It is erased at the end. */
export class Progress {
  readonly #options: ProgressOptions;
  #next: number;
  #isShown = false;

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#next = options.now() + BEGIN_AFTER_MS;
  }

  /** Says that so many lines are done, where it is time for it. */
  update(lines: number): void {
    const { now, share, write } = this.#options;
    if (now() < this.#next) return;
    this.#next = now() + PAUSE_MS;
    this.#isShown = true;
    const part = share();
    const percent = part === undefined ? "" : ` (${Math.floor(Math.min(part, 1) * 100)} %)`;
    write(`${RETURN}replaying: ${lines} lines${percent}${ERASE}`);
  }

  clear(): void {
    if (this.#isShown) this.#options.write(`${RETURN}${ERASE}`);
    this.#isShown = false;
  }
}
