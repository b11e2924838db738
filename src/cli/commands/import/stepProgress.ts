/** Where progress is shown. */
export interface ProgressTarget {
  /** Writes to standard error. */
  readonly write: (text: string) => void;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
  readonly isTerminal: boolean;
}

/** On a terminal one line that changes; elsewhere, such as in CI, a line every 5 s. */
const [TERMINAL_MS, LINES_MS, BEGIN_AFTER_MS] = [250, 5_000, 1_000];
/** Return to the first column; erase the rest of the line. */
const [RETURN, ERASE] = ["\r", "\u001b[K"];

/** The progress of a run with several steps. A short run shows nothing. */
export class StepProgress {
  readonly #target: ProgressTarget;
  #next: number;
  #isShown = false;

  constructor(target: ProgressTarget) {
    this.#target = target;
    this.#next = target.now() + (target.isTerminal ? BEGIN_AFTER_MS : LINES_MS);
  }

  /** Shows the text if an update is due. */
  update(text: string): void {
    const { now, isTerminal, write } = this.#target;
    if (now() < this.#next) return;
    this.#next = now() + (isTerminal ? TERMINAL_MS : LINES_MS);
    this.#isShown = isTerminal;
    write(isTerminal ? `${RETURN}${text}${ERASE}` : `${text}\n`);
  }

  clear(): void {
    if (this.#isShown) this.#target.write(`${RETURN}${ERASE}`);
    this.#isShown = false;
  }
}
