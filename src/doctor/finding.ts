import type { FindingId } from "./catalog.ts";

export type Severity = "error" | "warning" | "ok";

/** The result of one check. The fields have the names of the JSON report. */
export interface Finding {
  readonly id: FindingId;
  readonly severity: Severity;
  /** The part of the installation that was checked. */
  readonly where: string;
  /** The state of that part. */
  readonly seen: string;
  /** What to write or do instead; undefined when the state is fine. */
  readonly write?: string;
}

/** A remedy, and how severe the problem is. */
export interface Problem {
  readonly severity: "error" | "warning";
  readonly write: string;
}

/** A finding that is ok unless there is a problem. */
export function judge(id: FindingId, where: string, seen: string, problem?: Problem | false): Finding {
  return { id, where, seen, severity: "ok", ...(problem || {}) };
}

export function error(write: string): Problem {
  return { severity: "error", write };
}

export function warning(write: string): Problem {
  return { severity: "warning", write };
}

/** The finding for a source that could not be read. */
export function cannotLook(where: string, seen: string, write: string): Finding {
  return { id: "cannot-look", severity: "error", where, seen, write };
}

/** The snapshot that was read from a source with the findings on the way, or the findings with the reason why it could not be read. */
export type SourceResult<T> =
  | { readonly ok: true; readonly value: T; readonly findings: readonly Finding[] }
  | { readonly ok: false; readonly findings: readonly Finding[] };
