import type { Registry } from "prom-client";
import {
  operatorGauges,
  operatorMeter,
  operatorMetrics,
  resourceOf,
} from "../../../observe/metrics/operatorMetrics.ts";
import type { Operator } from "../../../operator/controller.ts";
import type { Meter } from "../../../operator/ports.ts";

/** The operator's metrics of this process. All series exist from the start, also while another process leads. */
export class OperatorTelemetry {
  readonly meter: Meter;
  readonly #metrics: ReturnType<typeof operatorMetrics>;
  readonly #showFigures: ReturnType<typeof operatorGauges>;
  #operator: Operator | undefined;

  constructor(registry: Registry) {
    this.#metrics = operatorMetrics(registry);
    this.#showFigures = operatorGauges(registry);
    this.meter = operatorMeter(this.#metrics);
  }

  /** Records whether this process reconciles. One that does not has no figures. */
  setLeading(isLeading: boolean): void {
    this.#metrics.leading.set(isLeading ? 1 : 0);
    if (!isLeading) this.#operator = undefined;
  }

  /** Shows the figures of this operator from now on. */
  follow(operator: Operator): void {
    this.#operator = operator;
  }

  /** Counts the restart of a watch by the path of its resource. */
  watchRestarted(path: string): void {
    this.#metrics.watchRestarts.inc({ resource: resourceOf(path) });
  }

  /** Updates the gauges before a scrape. */
  refresh(): void {
    this.#showFigures(this.#operator?.figures());
  }
}
