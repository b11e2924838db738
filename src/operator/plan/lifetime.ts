import type { Enforcement } from "../../api/vocabulary.ts";

/** The fields of a spec by which an object is in effect or not at a given time, and how. */
export interface Lifetime {
  readonly suspended?: boolean;
  readonly notBefore?: string | undefined;
  readonly expiresAt?: string | undefined;
  /** Default: Enforce. */
  readonly enforcement?: Enforcement;
}

/** When time alone will next change whether the object is in effect: epoch milliseconds, infinity for never. */
export function nextChange({ notBefore, expiresAt }: Lifetime, now: number): number {
  const times = [notBefore, expiresAt].flatMap((time) => (time === undefined ? [] : [Date.parse(time)]));
  return Math.min(...times.filter((time) => time > now), Number.POSITIVE_INFINITY);
}
