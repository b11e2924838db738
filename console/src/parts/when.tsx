import { useSettings } from "../settings.tsx";

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

/** A time as the distance from now; the exact time is in its tooltip. `at` is RFC 3339 or epoch milliseconds. */
export function When({ at }: { readonly at: string | number }) {
  const { language } = useSettings();
  const date = new Date(at);
  return (
    <time dateTime={date.toISOString()} title={date.toLocaleString(language)}>
      {distance(date.getTime(), language)}
    </time>
  );
}

/** Such as `in 3 days` or `2 hours ago`. */
export function distance(at: number, language: string): string {
  const seconds = (at - Date.now()) / 1_000;
  const [unit, size] = UNITS.find(([, one]) => Math.abs(seconds) >= one) ?? ["second", 1];
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  return format.format(Math.trunc(seconds / size), unit);
}
