import type { Severity } from "../../../access/findings/catalog.ts";
import type { PlacedFinding } from "./placed.ts";
import { sarifText } from "./sarif.ts";

/** The formats of `-o`. */
export const FORMATS = ["text", "json", "github", "sarif"] as const;
export type Format = (typeof FORMATS)[number];

/** What was validated. */
export interface Validation {
  readonly findings: readonly PlacedFinding[];
  readonly files: number;
  readonly objects: number;
}

/** Findings in a format, with a line feed at the end. `version` is that of the program. */
export function findingText(validation: Validation, format: Format, version: string): string {
  const { findings, files, objects } = validation;
  switch (format) {
    case "text":
      return `${[...findings.map(textLine), summary(validation)].join("\n")}\n`;
    case "json":
      return `${JSON.stringify({ files, objects, ...countsOf(findings), findings }, undefined, 2)}\n`;
    case "github":
      return `${[...findings.map(githubLine), summary(validation)].join("\n")}\n`;
    case "sarif":
      return sarifText(findings, version);
  }
}

/** How many findings of each severity there are. */
export function countsOf(findings: readonly PlacedFinding[]) {
  const count = (severity: Severity) => findings.filter((one) => one.severity === severity).length;
  return { errors: count("error"), warnings: count("warning"), notes: count("note") };
}

function textLine(finding: PlacedFinding): string {
  const { file, line, column, severity, id } = finding;
  return `${file}:${line}:${column}: ${severity} ${id}: ${sentence(finding)}`;
}

function sentence({ object, field, message }: PlacedFinding): string {
  return [object, field, message].filter((part) => part !== "").join(": ");
}

const COMMANDS: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", note: "notice" };

/** A workflow command of GitHub Actions, which makes an annotation in the pull request. */
function githubLine(finding: PlacedFinding): string {
  const { file, line, column, severity, id } = finding;
  const properties = `file=${property(file)},line=${line},col=${column},title=${property(id)}`;
  return `::${COMMANDS[severity]} ${properties}::${escaped(sentence(finding))}`;
}

/** The escapes of actions/toolkit: data has these three, properties two more. */
function escaped(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return escaped(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

function summary({ findings, files, objects }: Validation): string {
  const { errors, warnings, notes } = countsOf(findings);
  const counts = [plural(errors, "error"), plural(warnings, "warning"), plural(notes, "note")].join(", ");
  return `${plural(objects, "object")} in ${plural(files, "file")}: ${counts}`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
