import { randomBytes } from "node:crypto";
import { systemClock } from "../../../base/clock.ts";
import { type Operator, startOperator } from "../../../operator/controller.ts";
import type { LastUseOptions, Log, Meter } from "../../../operator/ports.ts";
import type { Store } from "../../../store/store.ts";
import type { OperatorTelemetry } from "./operatorTelemetry.ts";

export interface ReconcileOptions {
  readonly log: Log;
  /** Default: nothing is counted. */
  readonly telemetry?: OperatorTelemetry;
  /** How many objects are reconciled concurrently at most. Default: 32. */
  readonly workers?: number;
  /** All of them from the start, whatever the load of the store. Default: false. */
  readonly hasFixedWorkers?: boolean;
  /** Keep projections without an object until the object is back. Default: false. */
  readonly restore?: boolean;
  /** Default: last use is not recorded. */
  readonly lastUse?: LastUseOptions | undefined;
  /** How often verifiers are asked for acknowledgements, in milliseconds. Default: 250. */
  readonly verifierPollMs?: number;
}

const NO_METER: Meter = { reconciled: () => {}, queueDepth: () => {} };

/** Starts the operator over a started store, with this machine's clock and randomness, until the signal aborts. */
export function startReconciling(
  store: Store,
  { telemetry, lastUse, ...options }: ReconcileOptions,
  signal: AbortSignal,
): Operator {
  const meter = telemetry?.meter ?? NO_METER;
  const operator = startOperator(
    store,
    { clock: systemClock, random: randomBytes, meter, ...options, ...(lastUse ? { lastUse } : {}) },
    signal,
  );
  telemetry?.follow(operator);
  return operator;
}
