import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import type { Distribution, Figure } from "./figures.ts";
import { GOALS, type JudgedGoal, judge } from "./goals.ts";
import type { Lab } from "./lab/lab.ts";

/** What --json writes, and docs/performance.md is made from. */
export interface BenchRun {
  readonly version: 1;
  /** RFC 3339, of the end of the run. */
  readonly at: string;
  readonly commit: string;
  readonly quick: boolean;
  readonly parts: readonly string[];
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly pinned: boolean;
    readonly node: string;
  };
  readonly transports: readonly string[];
  readonly goals: readonly JudgedGoal[];
  readonly figures: readonly Figure[];
  readonly distributions: Readonly<Record<string, Distribution>>;
}

/** The record of a finished run. */
export async function recordOf(lab: Lab, parts: readonly string[], at: Date): Promise<BenchRun> {
  const processors = cpus();
  return {
    version: 1,
    at: at.toISOString(),
    commit: commit(),
    quick: lab.quick,
    parts,
    machine: {
      cpu: processors[0]?.model.trim() ?? "",
      cores: processors.length,
      pinned: lab.cores.server !== undefined,
      node: process.version,
    },
    transports: await lab.transports(),
    goals: judge(
      GOALS.filter(({ part }) => parts.includes(part)),
      lab.book,
    ),
    figures: lab.book.list(),
    distributions: lab.book.distributions(),
  };
}

/** The commit of the checkout, with "+" where files differ from it; "unknown" outside of one. */
function commit(): string {
  try {
    return execFileSync("git", ["describe", "--always", "--abbrev=12", "--dirty=+", "--match="], {
      encoding: "utf8",
    }).trim();
  } catch {
    return "unknown";
  }
}
