import type { Clock } from "../base/clock.ts";

/** Cryptographically strong random bytes. */
export type RandomBytes = (size: number) => Uint8Array;

/** Where the operator says what it does; pino's loggers fit. No field ever holds a secret. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

type ReconcileResult = "done" | "later" | "error";

/** What the operator counts. */
export interface Meter {
  reconciled(kind: string, result: ReconcileResult, seconds: number): void;
  /** How many objects wait to be reconciled. */
  queueDepth(depth: number): void;
}

/** All that the operator takes from outside, beside its store. */
export interface Environment {
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly log: Log;
  readonly meter: Meter;
  /**
   * After a disaster: a projection without its object is kept, and an object that comes back under its name adopts it. Without
   * this such a projection is an orphan, and is withdrawn.
   */
  readonly restore?: boolean;
}
