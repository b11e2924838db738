import { WHY } from "./catalog.ts";
import type { Finding, Severity } from "./finding.ts";

const ORDER: readonly Severity[] = ["error", "warning", "ok"];

/** Turns the errors that are known limits of a gateway into warnings. */
export function accepting(findings: readonly Finding[], accepted: ReadonlySet<string>): readonly Finding[] {
  return findings.map((finding) =>
    finding.severity === "error" && accepted.has(finding.id) ? { ...finding, severity: "warning" } : finding,
  );
}

/** 0 without an error, 1 with one, 2 when all errors are sources that could not be read. */
export function exitStatus(findings: readonly Finding[]): 0 | 1 | 2 {
  const errors = findings.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return 0;
  return errors.some(({ id }) => id !== "cannot-look") ? 1 : 2;
}

/** The report for a terminal: the most severe findings first, and those that are ok only if `isVerbose`. */
export function textReport(findings: readonly Finding[], isVerbose: boolean): string {
  const shown = ORDER.filter((severity) => isVerbose || severity !== "ok").flatMap((severity) =>
    findings.filter((finding) => finding.severity === severity),
  );
  return [...shown.map(paragraph), summary(findings)].join("\n");
}

function paragraph({ id, severity, where, seen, write }: Finding): string {
  const head = `${severity.padEnd(8)} ${id.padEnd(26)} ${where}`;
  if (write === undefined) return `${head}\n         ${seen}`;
  return [head, `  seen   ${seen}`, `  why    ${WHY[id]}`, `  write  ${write}`, ""].join("\n");
}

function summary(findings: readonly Finding[]): string {
  const count = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length;
  const [errors, warnings] = [count("error"), count("warning")];
  const plural = (n: number, word: string) => `${n} ${word}${n === 1 ? "" : "s"}`;
  return `${plural(errors, "error")}, ${plural(warnings, "warning")}, ${count("ok")} of ${findings.length} fine`;
}

/** The report for programs, as JSON. */
export function jsonReport(findings: readonly Finding[], version: string): string {
  const reported = findings.map(({ id, severity, where, seen, write }) => ({
    id,
    severity,
    where,
    seen,
    why: severity === "ok" ? null : WHY[id],
    write: write ?? null,
  }));
  return JSON.stringify({ countersign: version, findings: reported }, undefined, 2);
}
