import { Gauge, type Registry } from "prom-client";

/** Exposes the versions of Countersign and of Node that the process runs. */
export function exposeBuildInfo(registry: Registry, version: string): void {
  const info = new Gauge({
    name: "countersign_build_info",
    help: "Always 1; the labels are the versions of Countersign and of Node.",
    labelNames: ["version", "node"],
    registers: [registry],
  });
  info.set({ version, node: process.versions.node }, 1);
}
