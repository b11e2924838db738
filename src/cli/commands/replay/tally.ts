import { settingText } from "../../../observe/settingText.ts";
import type { Verdict } from "../../shared/capture/verdict.ts";
import type { Result } from "./result.ts";

/** More unreadable lines than these are counted, not listed. */
const LISTED = 20;
const HEADS = ["APPLICATION", "FORM", "CODE", "WOULD VERIFY WITH", "REQUESTS"];

/** Counts results by Application, variant, code and the setting with which the signature would verify. */
export class Tally {
  readonly #file: string;
  readonly #counts = new Map<string, number>();
  readonly #unreadable: string[] = [];
  #allowed = 0;
  #decided = 0;
  #skipped = 0;

  /** `file` is the name to print with its lines. */
  constructor(file: string) {
    this.#file = file;
  }

  add(result: Result): void {
    if (result.kind === "decided") this.#addVerdict(result.verdict);
    else {
      this.#count(["-", "-", "unreadable", "-"]);
      this.#skipped += 1;
      const { line, reason } = result;
      if (this.#unreadable.length < LISTED)
        this.#unreadable.push(`${this.#file}:${line}: unreadable: ${reason}`);
    }
  }

  /** How many lines were added. */
  get lines(): number {
    return this.#decided + this.#skipped;
  }

  get isEmpty(): boolean {
    return this.lines === 0;
  }

  /** Whether every line is a request that is allowed. */
  get isAllAllowed(): boolean {
    return this.#skipped === 0 && this.#allowed === this.#decided;
  }

  /** The counts as a table, the most frequent first; then the unreadable lines, and the sum. */
  table(): string {
    const rows = [...this.#counts].sort(([, a], [, b]) => b - a);
    const cells = [HEADS, ...rows.map(([key, count]) => [...key.split("\t"), String(count)])];
    const widths = HEADS.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
    const lines = cells.map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    );
    return `${[...lines, ...this.#unreadableLines(), this.#sum()].join("\n")}\n`;
  }

  #addVerdict({ decision, applicationId, form, code, wouldVerifyWith }: Verdict): void {
    const setting = wouldVerifyWith ? settingText(wouldVerifyWith) : "-";
    this.#count([applicationId ?? "-", form ?? "-", code, setting]);
    this.#decided += 1;
    if (decision === "allow") this.#allowed += 1;
  }

  #count(row: readonly string[]): void {
    const key = row.join("\t");
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  #unreadableLines(): readonly string[] {
    const more = this.#skipped - this.#unreadable.length;
    const rest = more > 0 ? [`and ${more} more unreadable lines; -o jsonl has them all`] : [];
    return [...this.#unreadable, ...rest];
  }

  #sum(): string {
    const allowed = `${this.#allowed} of ${this.#decided} requests are allowed`;
    if (this.#skipped === 0) return allowed;
    return `${allowed}, ${this.#skipped} ${this.#skipped === 1 ? "line is" : "lines are"} unreadable`;
  }
}
