import { readdirSync, readFileSync } from "node:fs";

/** The kernel's unit of the CPU times in /proc, per second; 100 on every Linux that Node runs on. */
const TICKS = 100;
const NOTHING = { cpuSeconds: 0, rssMiB: 0 };

/** What one or several processes have used. */
export interface ProcessFigures {
  /** User and system time since their start. */
  readonly cpuSeconds: number;
  /** Resident memory now, in MiB. */
  readonly rssMiB: number;
}

/** A process and all its descendants, the process first. */
export function processTree(pid: number): readonly number[] {
  const children = tasks(pid).flatMap((task) =>
    read(`/proc/${pid}/task/${task}/children`).split(" ").filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap(processTree)];
}

/** The sums over these processes; those that have ended count as nothing. */
export function figuresOf(pids: readonly number[]): ProcessFigures {
  return pids
    .map(figuresOfOne)
    .reduce(
      (sum, one) => ({ cpuSeconds: sum.cpuSeconds + one.cpuSeconds, rssMiB: sum.rssMiB + one.rssMiB }),
      NOTHING,
    );
}

function figuresOfOne(pid: number): ProcessFigures {
  return {
    cpuSeconds: cpuSecondsIn(read(`/proc/${pid}/stat`)),
    rssMiB: rssMiBIn(read(`/proc/${pid}/status`)),
  };
}

/** CPU time of the first thread of a process since its start, in milliseconds, as the scheduler counts it: without what other programs took. */
export function threadCpuMs(pid: number): number {
  return Number(read(`/proc/${pid}/task/${pid}/schedstat`).split(" ")[0]) / 1e6;
}

/** utime and stime in the text of /proc/PID/stat, in seconds. The program's name, in parentheses, may hold anything. */
export function cpuSecondsIn(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS;
}

/** VmRSS in the text of /proc/PID/status, in MiB. */
export function rssMiBIn(status: string): number {
  return Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1_024;
}

function tasks(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/** Empty once the process is gone. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
