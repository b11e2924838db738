import { Counter, Gauge, type Registry } from "prom-client";

/** Exposes the processor time and memory that a process uses, by the usual names of Prometheus client libraries where one exists. */
export function exposeProcess(registry: Registry): void {
  const registers = [registry];
  new Gauge({
    name: "process_start_time_seconds",
    help: "When the process started, as Unix time.",
    registers,
  }).set(performance.timeOrigin / 1_000);
  new Gauge({
    name: "process_resident_memory_bytes",
    help: "Resident memory of the process.",
    registers,
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  counterOf(registry, "process_cpu_seconds_total", "Processor time of the process.", () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000_000;
  });
  counterOf(
    registry,
    "countersign_event_loop_active_seconds_total",
    "Time in which the event loop was busy; a rate near 1 is a saturated process.",
    () => performance.eventLoopUtilization().active / 1_000,
  );
}

/** A counter whose value is read at each scrape. */
function counterOf(registry: Registry, name: string, help: string, read: () => number): void {
  new Counter({
    name,
    help,
    registers: [registry],
    collect() {
      this.reset();
      this.inc(read());
    },
  });
}
