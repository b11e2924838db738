import { error, type Finding, judge, warning } from "./finding.ts";

/** Date headers are cut to seconds, and requests take their time. */
const NOISE_MS = 2_000;
const WARN_MS = 5_000;
const ERROR_MS = 60_000;

/** Whether two clocks agree: `ahead` is by how much the first is ahead of the second, in milliseconds. */
export function clocksAgree(where: string, ahead: number, other: string): Finding {
  const off = Math.max(0, Math.abs(ahead) - NOISE_MS);
  const seconds = Math.round(Math.abs(ahead) / 1_000);
  return judge(
    "clock-skew",
    where,
    off === 0
      ? `its clock agrees with ${other}`
      : `${seconds} s ${ahead > 0 ? "ahead of" : "behind"} ${other}`,
    off >= WARN_MS && (off >= ERROR_MS ? error : warning)("let NTP set the clock of each machine"),
  );
}

/** The same of an answer with a Date header; a whole second on average is cut to half of it. */
export function answeredInTime(
  where: string,
  { date, at }: { readonly date: number | undefined; readonly at: number },
): readonly Finding[] {
  return date === undefined ? [] : [clocksAgree(where, date + 500 - at, "the one of this machine")];
}
