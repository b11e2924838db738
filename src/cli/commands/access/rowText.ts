import type { AccessRow } from "../../../access/rows.ts";
import { csvTable, markdownCode, markdownTable, textTable } from "../../shared/textTable.ts";

/** A row of access, with the class of its installation ("" for none). */
export interface ListedRow extends AccessRow {
  readonly className: string;
}

/** Rows in the format that the user asked for, with a line feed at the end. */
export function rowText(rows: readonly ListedRow[], format: "table" | "json" | "csv" | "markdown"): string {
  const hasClasses = rows.some(({ className }) => className !== "");
  const head = [...(hasClasses ? ["CLASS"] : []), ...HEAD];
  const cells = (row: ListedRow) => [...(hasClasses ? [row.className || "-"] : []), ...cellsOf(row)];
  switch (format) {
    case "json":
      return jsonText(rows);
    case "csv":
      return `${csvTable(
        head.map((name) => name.toLowerCase()),
        rows.map(cells),
      )}\n`;
    case "markdown":
      return `${markdownTable(
        head.map((name) => name.toLowerCase()),
        rows.map((row) => cells(row).map(markdownCode)),
      )}\n`;
    case "table":
      return rows.length === 0
        ? "No Application may call any API.\n"
        : `${textTable(head, rows.map(cells))}\n`;
  }
}

const HEAD = ["APPLICATION", "METHODS", "HOST", "PATH", "TYPE", "ENVIRONMENT", "API", "GRANT"];

function cellsOf(row: ListedRow): readonly string[] {
  const { caller, methods, host, path, environment, api, grant } = row;
  return [caller, methods.join(","), host, path.value, path.type, environment, api, grant];
}

function jsonText(rows: readonly ListedRow[]): string {
  const items = rows.map(({ caller, path, className, ...row }) =>
    JSON.stringify({
      application: caller,
      ...row,
      path: path.value,
      pathType: path.type,
      class: className || null,
    }),
  );
  return items.length === 0 ? '{"access": []}\n' : `{"access": [\n${items.join(",\n")}\n]}\n`;
}
