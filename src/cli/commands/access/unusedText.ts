import type { UnusedThings, UsedThing } from "../../../access/unused.ts";
import { csvTable, markdownCode, markdownTable, textTable } from "../../shared/textTable.ts";
import type { AccessFlags } from "./accessFlags.ts";

const HEAD = ["KIND", "OBJECT", "KEY", "STATE", "LAST USED", "RECORDED SINCE"];

/** What was not used, in the format that the user asked for, with a line feed at the end. JSON also has what is undecided. */
export function unusedText({ unused, undecided }: UnusedThings, format: AccessFlags["output"]): string {
  const hasClasses = unused.some(({ className }) => className !== "");
  const head = [...(hasClasses ? ["CLASS"] : []), ...HEAD];
  const rows = unused.map((one) => [...(hasClasses ? [one.className || "-"] : []), ...cellsOf(one)]);
  const lower = head.map((name) => name.toLowerCase());
  switch (format) {
    case "json":
      return `${JSON.stringify({ unused: unused.map(jsonOf), undecided: undecided.map(jsonOf) }, undefined, 2)}\n`;
    case "csv":
      return `${csvTable(lower, rows)}\n`;
    case "markdown":
      return `${markdownTable(
        lower,
        rows.map((row) => row.map(markdownCode)),
      )}\n`;
    case "table":
      return rows.length === 0
        ? "No key and no grant is known to be unused.\n"
        : `${textTable(head, rows)}\n`;
  }
}

function cellsOf({ kind, object, key, state, lastUsed, recordedSince }: UsedThing): readonly string[] {
  return [kind, object, key ?? "-", state ?? "-", lastUsed ?? "never", recordedSince ?? "-"];
}

function jsonOf({ kind, object, className, key, state, lastUsed, recordedSince }: UsedThing) {
  return {
    ...{ kind, object, key: key ?? null, state: state ?? null },
    ...{ lastUsed: lastUsed ?? null, recordedSince: recordedSince ?? null, class: className || null },
  };
}
