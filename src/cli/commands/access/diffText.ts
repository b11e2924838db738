import type { AccessChange } from "../../../access/diff.ts";
import { markdownCode, markdownTable, textTable } from "../../shared/textTable.ts";

/** A change of access, with the class of its installation ("" for none). */
export interface ListedChange extends AccessChange {
  readonly className: string;
}

/** Of a row about other spellings of a path alone. */
const SPELLING = "escaped spellings";

/** A comment on GitHub has at most 65,536 characters, and other text may be put around this one. */
const MAX_MARKDOWN = 60_000;
/** Applications that a row of Markdown names. */
const MAX_NAMED = 5;

/** Changes in the format that the user asked for, with a line feed at the end. Without changes, it is a sentence. */
export function diffText(changes: readonly ListedChange[], format: "table" | "json" | "markdown"): string {
  switch (format) {
    case "json":
      return jsonText(changes);
    case "markdown":
      return markdownText(changes);
    case "table":
      return changes.length === 0 ? "No difference.\n" : `${textTable(HEAD, changes.map(cellsOf))}\n`;
  }
}

const HEAD = ["CHANGE", "APPLICATION", "METHODS", "HOST", "PATH", "TYPE", "GRANT", "OTHERWISE", "EXAMPLE"];

function cellsOf(one: ListedChange): readonly string[] {
  const { change, caller, methods, host, path, grant, otherwise, example, isSpelling } = one;
  return [
    isSpelling ? `${change} ${SPELLING}` : change,
    caller,
    methods.join(","),
    host,
    path.value,
    path.type,
    grant,
    otherwise,
    example,
  ];
}

function jsonText(changes: readonly ListedChange[]): string {
  const items = changes.map(({ caller, path, className, ...one }) =>
    JSON.stringify({
      ...one,
      application: caller,
      path: path.value,
      pathType: path.type,
      class: className || null,
    }),
  );
  return items.length === 0 ? '{"changes": []}\n' : `{"changes": [\n${items.join(",\n")}\n]}\n`;
}

/** One row for all Applications whose access changes alike. */
function markdownText(changes: readonly ListedChange[]): string {
  if (changes.length === 0) return "**Access:** no difference.\n";
  const groups = Map.groupBy(changes, (one) => JSON.stringify({ ...one, caller: undefined }));
  const rows = [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first
      ? [
          markdownRow(
            first,
            group.map(({ caller }) => caller),
          ),
        ]
      : [];
  });
  const kept = keptRows(rows);
  const more = rows.length - kept.length;
  const rest =
    more > 0 ? `\n… and ${more} more rows: run \`countersign access diff\` for all of them.\n` : "";
  return `${summary(changes)}\n\n${markdownTable(MARKDOWN_HEAD, kept)}\n${rest}`;
}

const MARKDOWN_HEAD = ["", "application", "methods", "requests", "by", "example"];

function markdownRow(one: ListedChange, callers: readonly string[]): readonly string[] {
  const { change, methods, host, path, grant, otherwise, example, className, isSpelling } = one;
  const [sign, side] = change === "opens" ? ["🟢 opens", "before"] : ["🔴 closes", "after"];
  const of = isSpelling ? ` ${SPELLING}` : "";
  return [
    `${sign}${of}`,
    names(callers),
    methods.map(markdownCode).join(" "),
    `${markdownCode(`${host}${path.value}`)} ${path.type}${className === "" ? "" : `, class ${markdownCode(className)}`}`,
    `${markdownCode(grant)}; ${side}: ${otherwise}`,
    markdownCode(example),
  ];
}

function names(callers: readonly string[]): string {
  const shown = callers.slice(0, MAX_NAMED).map(markdownCode).join(", ");
  const more = callers.length - MAX_NAMED;
  return more > 0 ? `${shown} and ${more} more` : shown;
}

function summary(changes: readonly ListedChange[]): string {
  const plain = changes.filter((one) => !one.isSpelling);
  const count = (change: AccessChange["change"]) => {
    const found = plain.filter((one) => one.change === change);
    return `${change} access for ${applications(new Set(found.map(({ caller }) => caller)).size)}`;
  };
  return `**Access:** this change ${count("opens")}, and ${count("closes")}.`;
}

function applications(count: number): string {
  return count === 1 ? "1 Application" : `${count} Applications`;
}

function keptRows(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  let size = 0;
  return rows.filter((row) => {
    size += row.join(" | ").length + 8;
    return size <= MAX_MARKDOWN;
  });
}
