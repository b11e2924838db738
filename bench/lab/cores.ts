import { readFileSync } from "node:fs";
import { findProgram, pathFolders } from "../../test/parts/cache.ts";

/** Which core servers run on, and which one the load and Envoy; undefined where processes are not pinned. */
export interface Cores {
  readonly server: number | undefined;
  readonly load: number | undefined;
}

/** The first two cores that this process may use, if taskset is there to pin others to them. */
export function findCores(): Cores {
  const status = readFileSync("/proc/self/status", "utf8");
  const [server, load] = listedCores(/^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? "");
  const pins = load !== undefined && findProgram("taskset", pathFolders()) !== undefined;
  return pins ? { server, load } : { server: undefined, load: undefined };
}

/** The numbers in a list of cores as Linux writes it, such as `0-2,5`. */
export function listedCores(list: string): readonly number[] {
  return list.split(",").flatMap((range) => {
    const [first = Number.NaN, last = first] = range.split("-").map(Number);
    if (range === "" || Number.isNaN(first)) return [];
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

/** A command line that runs another one on this core alone. */
export function pinned(
  core: number | undefined,
  command: string,
  args: readonly string[],
): [string, ...string[]] {
  return core === undefined ? [command, ...args] : ["taskset", "-c", String(core), command, ...args];
}
