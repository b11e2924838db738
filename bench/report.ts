import type { Figure } from "./figures.ts";
import type { JudgedGoal } from "./goals.ts";
import { median, spread } from "./statistics.ts";

/** The figures of a run as a table: a line each, with median, spread and number of rounds. */
export function figuresTable(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, unit, values, note }) => {
    const [least, most] = spread(values);
    const between = values.length > 1 ? `${rounded(least)} … ${rounded(most)}` : "";
    return [
      name,
      rounded(median(values)),
      unit,
      between,
      values.length > 1 ? String(values.length) : "",
      note ?? "",
    ];
  });
  return table([["", "median", "", "spread", "rounds", ""], ...rows], [1]);
}

/** One line per goal. */
export function goalsTable(goals: readonly JudgedGoal[]): string {
  const rows = goals.map(({ id, what, unit, must, aim, value, note, verdict }) => [
    id,
    what,
    value === undefined ? "–" : withUnit(value, unit),
    withUnit(must, unit),
    withUnit(aim, unit),
    verdict,
    note ?? "",
  ]);
  return table([["", "goal", "measured", "must", "aim", "", ""], ...rows], [2, 3, 4]);
}

export function withUnit(value: number, unit: string): string {
  return `${rounded(value)}${unit === "" || unit === "×" ? unit : ` ${unit}`}`;
}

/** Three significant digits, without an exponent. */
export function rounded(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (Math.abs(value) >= 999.5) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(3)));
}

/** Columns as wide as their widest cell; those named are aligned to the right. */
function table(rows: readonly (readonly string[])[], right: readonly number[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        right.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
  return `${lines.join("\n")}\n`;
}
