import { Counter, Gauge, type Registry } from "prom-client";

/** How much of its one core and of its memory a process uses; by the names that Prometheus' client libraries share, where there is one. */
export function exposeProcess(registry: Registry): void {
  const registers = [registry];
  new Gauge({
    name: "process_start_time_seconds",
    help: "When the process started, as Unix time.",
    registers,
  }).set(performance.timeOrigin / 1_000);
  new Gauge({
    name: "process_resident_memory_bytes",
    help: "Memory that the process holds.",
    registers,
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  growing(registry, "process_cpu_seconds_total", "Processor time that the process has used.", () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000_000;
  });
  growing(
    registry,
    "countersign_event_loop_active_seconds_total",
    "Time in which the event loop was busy; a rate near 1 is a process that has no time left.",
    () => performance.eventLoopUtilization().active / 1_000,
  );
}

/** A counter whose value is read when it is asked for. */
function growing(registry: Registry, name: string, help: string, read: () => number): void {
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
