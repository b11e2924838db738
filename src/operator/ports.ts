import type { Clock } from "../base/clock.ts";

/** Returns that many cryptographically strong random bytes. */
export type RandomBytes = (size: number) => Uint8Array;

/** The operator's log; a pino logger fits. No field ever holds a secret. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** `later`: requeued, without an error. */
type ReconcileResult = "done" | "later" | "error";

/** The operator's counters. */
export interface Meter {
  /** One reconcile of an object of that kind has ended. */
  reconciled(kind: string, result: ReconcileResult, seconds: number): void;
  /** How many objects wait to be reconciled. */
  queueDepth(depth: number): void;
}

/** How the operator records last use. */
export interface LastUseOptions {
  /** An Application or ApiGrant that was not used for this long gets the condition Unused, in milliseconds. */
  readonly unusedAfterMs: number;
}

/** Everything that the operator takes from outside, except its store. */
export interface OperatorPorts {
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly log: Log;
  readonly meter: Meter;
  /**
   * For disaster recovery: a projection without its object is kept, and an object that is created again under its name
   * adopts it. Default: false; such a projection is then an orphan and is withdrawn.
   */
  readonly restore?: boolean;
  /** Default: last use is not recorded, and no status has it. */
  readonly lastUse?: LastUseOptions;
}
