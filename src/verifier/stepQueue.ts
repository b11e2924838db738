interface Job {
  readonly steps: Iterator<void>;
  readonly bytes: number;
  readonly isWanted: () => boolean;
  readonly done: () => void;
}

/** What waits holds its messages; above this, in bytes, work is done at once. */
const MAX_WAITING = 67_108_864;

/**
 * Does long work in steps, one in each turn of the event loop, so that a large body does not hold up the decisions on small
 * requests. One job after the other, in the order in which they came.
 */
export class StepQueue {
  readonly #jobs: Job[] = [];
  #waiting = 0;

  /**
   * Resolves when all steps are done, or when `isWanted` returns false before a step. `bytes` is the memory that the job holds; if
   * too much waits already, it is done before this returns.
   */
  async run(steps: Iterator<void>, bytes: number, isWanted: () => boolean): Promise<void> {
    if (this.#waiting + bytes > MAX_WAITING) {
      while (!steps.next().done);
      return;
    }
    this.#waiting += bytes;
    await new Promise<void>((done) => {
      this.#jobs.push({ steps, bytes, isWanted, done });
      if (this.#jobs.length === 1) setImmediate(() => this.#step());
    });
  }

  #step(): void {
    const [job] = this.#jobs;
    if (!job) return;
    if (!job.isWanted() || job.steps.next().done) {
      this.#jobs.shift();
      this.#waiting -= job.bytes;
      job.done();
    }
    if (this.#jobs.length > 0) setImmediate(() => this.#step());
  }
}
