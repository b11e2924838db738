import { settingText } from "../../../observe/settingText.ts";
import { placeText } from "../../shared/capture/captured.ts";
import type { Suggestion } from "./settingTally.ts";
import type { Tally } from "./tally.ts";

const HEADS = ["API", "ENVIRONMENT", "APPLICATION", "CODE", "REQUESTS"];
/** More reasons than these are left out; -o json has all. */
const REASONS = 10;

/** The report for people: the groups as a table, the settings that would help, what could not be decided and why, and the sum. */
export function reportText(tally: Tally): string {
  const rows = tally
    .groups()
    .map(({ api, environment, application, code, requests }) => [
      ...[api, environment, application].map((name) => name ?? "-"),
      code === "undecidable" ? "not decidable" : code,
      String(requests),
    ]);
  const lines = [
    ...(rows.length > 0 ? table([HEADS, ...rows]) : []),
    ...tally.settings.suggestions().map(suggestionText),
    ...reasonLines(tally),
    ...problemLines(tally),
    sumText(tally),
  ];
  return `${lines.join("\n")}\n`;
}

/** The same for programs, as one JSON text. */
export function reportJson(tally: Tally): string {
  const { allowed, decided, undecidable, unreadable } = tally;
  const report = {
    ...{ allowed, denied: decided - allowed, undecidable, unreadable },
    groups: tally.groups(),
    settings: tally.settings.suggestions(),
    undecidableReasons: tally.reasons(),
    unreadablePlaces: tally.listed().map(({ place, reason }) => ({
      ...{ file: place.file, line: place.line ?? null, entry: place.entry ?? null, reason },
    })),
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

function table(cells: readonly (readonly string[])[]): readonly string[] {
  const widths = HEADS.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

function suggestionText({ application, setting, requests, allowed, lost, checked }: Suggestion): string {
  const name = setting.parameters !== undefined && setting.openVariants ? "spec.signing" : "spec.signing.";
  const text = name.endsWith(".") ? `${name}${settingText(setting)}` : `${name} {${settingText(setting)}}`;
  const effect =
    allowed === requests
      ? "would be allowed"
      : allowed === 0
        ? "would verify, and be denied for another reason,"
        : `would verify, and ${allowed} of them be allowed,`;
  const loss =
    lost > 0
      ? `; it would deny ${lost} of the first ${checked} allowed requests with parameters, which parameters: Either does not`
      : "";
  return `${requestsText(requests)} of ${application} ${effect} with ${text}${loss}`;
}

function reasonLines(tally: Tally): readonly string[] {
  const reasons = tally.reasons();
  const shown = reasons
    .slice(0, REASONS)
    .map(({ reason, requests }) => `${requestsText(requests)} not decidable: ${reason}`);
  const more = reasons.length - shown.length;
  return more > 0 ? [...shown, `and ${more} more reasons; -o json has them all`] : shown;
}

function problemLines(tally: Tally): readonly string[] {
  const listed = tally.listed().map(({ place, reason }) => `${placeText(place)}: unreadable: ${reason}`);
  const more = tally.unreadable - listed.length;
  return more > 0 ? [...listed, `and ${more} more unreadable places; -o jsonl has them all`] : listed;
}

function sumText({ allowed, decided, undecidable, unreadable }: Tally): string {
  return [
    `${allowed} of ${decided + undecidable} requests are allowed`,
    ...(undecidable > 0 ? [`${undecidable} ${undecidable === 1 ? "is" : "are"} not decidable`] : []),
    ...(unreadable > 0 ? [`${unreadable} ${unreadable === 1 ? "place is" : "places are"} unreadable`] : []),
  ].join(", ");
}

function requestsText(count: number): string {
  return count === 1 ? "1 request" : `${count} requests`;
}
