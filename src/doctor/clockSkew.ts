import { error, type Finding, judge, warning } from "./finding.ts";

/** Date headers are cut to seconds, and requests take time. */
const NOISE_MS = 2_000;
const WARN_MS = 5_000;
const ERROR_MS = 60_000;
/** Times that are cut to seconds are this early on average. */
export const CUT_MS = 500;

/** Whether two clocks agree. `aheadMs` is how far the first is ahead of the second, whose name is `other`. */
export function clocksAgree(where: string, aheadMs: number, other: string): Finding {
  const skewMs = Math.max(0, Math.abs(aheadMs) - NOISE_MS);
  const seconds = Math.round(Math.abs(aheadMs) / 1_000);
  return judge(
    "clock-skew",
    where,
    skewMs === 0
      ? `its clock agrees with ${other}`
      : `${seconds} s ${aheadMs > 0 ? "ahead of" : "behind"} ${other}`,
    skewMs >= WARN_MS && (skewMs >= ERROR_MS ? error : warning)("let NTP set the clock of each machine"),
  );
}

/**
 * Whether the clock of a server agrees with this machine's. `date` is the Date header of its response, `at` the middle of the request by
 * this machine's clock, both in epoch milliseconds. There is no finding for a response without a date.
 */
export function serverClockAgrees(
  where: string,
  { date, at }: { readonly date: number | undefined; readonly at: number },
): readonly Finding[] {
  return date === undefined ? [] : [clocksAgree(where, date + CUT_MS - at, "the one of this machine")];
}
