import type { Lab } from "../lab/lab.ts";

/** One part of the suite: what it measures goes into the lab's book. */
export interface Part {
  readonly name: string;
  /** A line for --help. */
  readonly summary: string;
  run(lab: Lab): Promise<void>;
}
