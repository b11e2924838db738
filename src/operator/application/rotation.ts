import type { ApplicationSpec } from "../../api/application.ts";
import { parseDuration } from "../../api/duration.ts";
import type { KeyRecord } from "../../projection/documents.ts";

/** An Application has at most this many keys at a time; further rotations wait until one retires. */
export const MAX_KEYS = 16;

const DEFAULT_OVERLAP_MS = 168 * 3_600_000;

type Rotation = ApplicationSpec["credentials"]["rotation"];

/** How long a replaced key stays valid, in milliseconds: as asked, else 168 h, or half of a shorter interval. */
export function overlapOf(rotation: Rotation): number {
  if (rotation?.overlap !== undefined) return parseDuration(rotation.overlap);
  if (rotation?.interval === undefined) return DEFAULT_OVERLAP_MS;
  return Math.min(DEFAULT_OVERLAP_MS, parseDuration(rotation.interval) / 2);
}

/** When the active key is to be replaced (epoch milliseconds): on request, or by schedule; infinity for never. */
export function dueAt(active: KeyRecord, rotation: Rotation): number {
  const created = Date.parse(active.createdAt);
  const interval =
    rotation?.interval === undefined ? Number.POSITIVE_INFINITY : parseDuration(rotation.interval);
  // Keys' times are whole seconds, so a request in the second of a key's creation is met by that key.
  const requested =
    rotation?.requestedAt === undefined ? 0 : Math.floor(Date.parse(rotation.requestedAt) / 1000) * 1000;
  return Math.min(created + interval, requested > created ? requested : Number.POSITIVE_INFINITY);
}
