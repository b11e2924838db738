import type { ApplicationSpec } from "../../api/application.ts";
import { parseDuration } from "../../api/duration.ts";
import type { KeyRecord } from "../../projection/documents.ts";

/** An Application has at most this many keys at a time; further rotations wait until one retires. */
export const MAX_KEYS = 16;

/**
 * Verifiers retire a key by their own clocks. The operator removes it from the record this much later (milliseconds), so that an
 * operator clock that is an hour fast retires no key early.
 */
export const RECORD_MS = 2 * 3_600_000;

const DEFAULT_OVERLAP_MS = 168 * 3_600_000;

type Rotation = ApplicationSpec["credentials"]["rotation"];

/** How long a replaced key stays valid, in milliseconds. Default: 168 h, or half of the interval if that is shorter. */
export function overlapOf(rotation: Rotation): number {
  if (rotation?.overlap !== undefined) return parseDuration(rotation.overlap);
  if (rotation?.interval === undefined) return DEFAULT_OVERLAP_MS;
  return Math.min(DEFAULT_OVERLAP_MS, parseDuration(rotation.interval) / 2);
}

/**
 * When the active key is due for rotation (epoch milliseconds), by request or by schedule; infinity for never. `rotatedFor` is the
 * request that was fulfilled last. Requests are compared with requests, never with clocks, so a wrong clock loses none.
 */
export function dueAt(active: KeyRecord, rotation: Rotation, rotatedFor: string | undefined): number {
  const interval =
    rotation?.interval === undefined ? Number.POSITIVE_INFINITY : parseDuration(rotation.interval);
  return Math.min(Date.parse(active.createdAt) + interval, requestOf(rotation, rotatedFor));
}

/** When the condition RotationDue reminds of the active key's age (epoch milliseconds); infinity for never. */
export function remindedAt(active: KeyRecord, rotation: Rotation): number {
  if (rotation?.remindAfter === undefined) return Number.POSITIVE_INFINITY;
  return Date.parse(active.createdAt) + parseDuration(rotation.remindAfter);
}

/** The rotation request that a key created now fulfills. */
export function requestMet(
  rotation: Rotation,
  rotatedFor: string | undefined,
  now: number,
): string | undefined {
  return requestOf(rotation, rotatedFor) <= now ? rotation?.requestedAt : rotatedFor;
}

function requestOf(rotation: Rotation, rotatedFor: string | undefined): number {
  if (rotation?.requestedAt === undefined) return Number.POSITIVE_INFINITY;
  const requested = Date.parse(rotation.requestedAt);
  const isMet = rotatedFor !== undefined && requested <= Date.parse(rotatedFor);
  return isMet ? Number.POSITIVE_INFINITY : requested;
}

/** Whether a key's end has passed, by the operator's clock. */
export function isRetired({ retiresAt }: KeyRecord, now: number): boolean {
  return retiresAt !== undefined && Date.parse(retiresAt) <= now;
}
