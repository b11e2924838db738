import type { FindingId } from "./catalog.ts";

export type Severity = "error" | "warning" | "ok";

/** One thing that was looked at. */
export interface Finding {
  readonly id: FindingId;
  readonly severity: Severity;
  /** The part of the installation. */
  readonly where: string;
  /** What was seen there. */
  readonly seen: string;
  /** What to write or do instead; absent when it is fine. */
  readonly write?: string;
}

/** What to do about it, and how bad it is. */
export interface Problem {
  readonly severity: "error" | "warning";
  readonly write: string;
}

/** A finding that is fine unless there is a problem. */
export function judge(id: FindingId, where: string, seen: string, problem?: Problem | false): Finding {
  return { id, where, seen, severity: "ok", ...(problem || {}) };
}

export function error(write: string): Problem {
  return { severity: "error", write };
}

export function warning(write: string): Problem {
  return { severity: "warning", write };
}

/** What could not be looked at. */
export function unseen(where: string, seen: string, write: string): Finding {
  return { id: "cannot-look", severity: "error", where, seen, write };
}
