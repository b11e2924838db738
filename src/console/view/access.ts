import type { AccessChange } from "../../access/diff.ts";
import type { AccessRow } from "../../access/rows.ts";

/** Everything that callers may do. */
export interface AccessView {
  /** False if the viewer may not see ApiDomains: then access cannot be known. */
  readonly isComplete: boolean;
  /** Missing too if paths overlap in too many ways to be analysed. */
  readonly rows?: readonly AccessRow[];
}

/** What a directory would open and close, compared with what the console shows. */
export interface CompareView {
  readonly directory: string;
  readonly changes: readonly AccessChange[];
  /** Why the directory cannot be compared; in English. */
  readonly problem?: string;
}
