import { Counter, collectDefaultMetrics, type Registry } from "prom-client";

/** Gauges of prom-client that promtool refuses because `_total` is the suffix of counters. */
const MISNAMED = [
  "nodejs_active_handles_total",
  "nodejs_active_requests_total",
  "nodejs_active_resources_total",
];

/**
 * Between two samples of the event loop's delay, in milliseconds; the delay includes it. prom-client's own 10 would wake an idle process 100
 * times a second, which is most of what such a process costs.
 */
export const DELAY_SAMPLE_MS = 50;

/** CPU, memory, garbage collection and event loop of this process: prom-client's default metrics and one of our own. */
export function exposeProcess(registry: Registry): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: DELAY_SAMPLE_MS });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  // prom-client exports the lag of the event loop but not its utilization, which shows how much of its core is left.
  new Counter({
    name: "countersign_event_loop_active_seconds_total",
    help: "Time in which the event loop was busy; a rate near 1 is a saturated process.",
    registers: [registry],
    collect() {
      this.reset();
      this.inc(performance.eventLoopUtilization().active / 1_000);
    },
  });
}
