import type { Clock } from "../../../base/clock.ts";
import { Changes } from "./changes.ts";

/** Editors and git write a file in several steps: a file is read once it is unchanged for this long, in milliseconds. */
const QUIET_MS = 80;
/**
 * Not every file system reports changes, so all files are also looked at: at this interval in milliseconds, and with many files at
 * this multiple of what a look takes. The files of the directory and those of credentials have intervals of their own.
 */
export const LOOK_EVERY_MS = 2_000;
const LOOK_PAUSE = 100;
const LONGEST_PAUSE_MS = 60_000;
/** There is a credentials file for each Application, and only the operator changes them usually. */
const LONGEST_CREDENTIALS_PAUSE_MS = 600_000;

/** What the files are looked at by. */
export interface LookoutOptions {
  readonly clock: Clock;
  /** Looks at what changed. Two looks never overlap. */
  readonly look: (changes: Changes) => Promise<void>;
  /** Called with what a look threw for which no caller waits. */
  readonly onFailed: (error: unknown) => void;
}

/** Decides when files are looked at: once those that changed have been quiet for a while, and all of them at intervals. */
export class Lookout {
  readonly #options: LookoutOptions;
  #changes = new Changes();
  #running: Promise<void> = Promise.resolve();
  /** Started by changes, and by the end of the interval. */
  readonly #timers: { changes?: NodeJS.Timeout; interval?: NodeJS.Timeout } = {};
  #isStopped = false;
  /** When all credentials files are looked at again, in monotonic milliseconds. */
  #credentialsDue = 0;

  constructor(options: LookoutOptions) {
    this.#options = options;
  }

  /** Whether stop() was called: a look that runs ends early then. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Looks at all files; rejects as the look does. */
  all(): Promise<void> {
    this.#changes = Changes.all();
    return this.#now();
  }

  /** Looks at what `note` adds to the changes, once nothing has changed for a while. */
  soon(note: (changes: Changes) => void): void {
    note(this.#changes);
    clearTimeout(this.#timers.changes);
    if (!this.#isStopped) this.#timers.changes = setTimeout(() => this.#unattended(), QUIET_MS);
  }

  /** Looks at all files of the directory after so many milliseconds, and at those of credentials if their interval has ended. */
  after(ms: number): void {
    clearTimeout(this.#timers.interval);
    if (this.#isStopped) return;
    this.#timers.interval = setTimeout(() => {
      this.#changes.names = undefined;
      if (this.#options.clock.monotonic() >= this.#credentialsDue) this.#changes.keys = undefined;
      this.#unattended();
    }, ms);
  }

  /** The interval after a look at all files of the directory that took so many milliseconds. */
  afterLook(tookMs: number): void {
    this.after(pauseAfter(tookMs, LONGEST_PAUSE_MS));
  }

  /** All credentials files were looked at, which took so many milliseconds. */
  sawCredentials(tookMs: number): void {
    const pause = pauseAfter(tookMs, LONGEST_CREDENTIALS_PAUSE_MS);
    this.#credentialsDue = this.#options.clock.monotonic() + pause;
  }

  /** No look begins from now on. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timers.changes);
    clearTimeout(this.#timers.interval);
  }

  #unattended(): void {
    this.#now().catch((error: unknown) => {
      if (!this.#isStopped) this.#options.onFailed(error);
    });
  }

  #now(): Promise<void> {
    clearTimeout(this.#timers.changes);
    this.#running = this.#running.catch(() => {}).then(() => this.#look());
    return this.#running;
  }

  async #look(): Promise<void> {
    if (this.#isStopped) return;
    const changes = this.#changes;
    this.#changes = new Changes();
    await this.#options.look(changes);
  }
}

/** How long to wait after a look that took so long, so that looking takes 1 % of a core at most. */
function pauseAfter(tookMs: number, longestMs: number): number {
  return Math.min(Math.max(LOOK_EVERY_MS, tookMs * LOOK_PAUSE), longestMs);
}
