import type { Verdict } from "../capture/verdict.ts";

/** Counts verdicts by application, form, code and what would help. */
export class Tally {
  readonly #counts = new Map<string, number>();
  #allowed = 0;
  #all = 0;

  add({ decision, applicationId, form, code, wouldVerifyWith }: Verdict): void {
    const row = [
      applicationId ?? "-",
      form ?? "-",
      code,
      wouldVerifyWith ? settingText(wouldVerifyWith) : "-",
    ];
    const key = row.join("\t");
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    this.#all += 1;
    if (decision === "allow") this.#allowed += 1;
  }

  /** Lines that stand under each other, the most frequent first. */
  table(): string {
    const rows = [...this.#counts].sort(([, a], [, b]) => b - a);
    const cells = [
      ["APPLICATION", "FORM", "CODE", "WOULD VERIFY WITH", "REQUESTS"],
      ...rows.map(([key, count]) => [...key.split("\t"), String(count)]),
    ];
    const widths =
      cells[0]?.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0))) ?? [];
    const lines = cells.map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    );
    return `${lines.join("\n")}\n${this.#allowed} of ${this.#all} requests are allowed\n`;
  }
}

/** Settings of an Application as its YAML has them. */
export function settingText({ parameters, openVariants }: NonNullable<Verdict["wouldVerifyWith"]>): string {
  const texts = [
    ...(parameters === undefined ? [] : [`parameters: ${parameters}`]),
    ...(openVariants === undefined ? [] : [`openVariants: [${openVariants.join(", ")}]`]),
  ];
  return texts.join(", ") || "-";
}
