import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";

const root = new URL("../../../", import.meta.url);
const PITFALLS = 42;

interface Row {
  readonly number: number;
  readonly files: readonly string[];
}

/** The table of pitfalls in docs/threat-model.md. */
function rows(): readonly Row[] {
  const text = readFileSync(fileURLToPath(new URL("docs/threat-model.md", root)), "utf8");
  return [...text.matchAll(/^\| P(\d+) \|.*\| ([^|]*) \|$/gm)].map(([, number, files = ""]) => ({
    number: Number(number),
    files: [...files.matchAll(/`([^`]+)`/g)].map(([, file]) => `test/${file}`),
  }));
}

test("the threat model has a row for each pitfall, once", () => {
  expect(rows().map(({ number }) => number)).toEqual(
    Array.from({ length: PITFALLS }, (_, index) => index + 1),
  );
});

test.each(rows().map(({ number, files }) => [number, files] as const))(
  "P%i is held by a test of its name in each file that the threat model names",
  (number, files) => {
    expect(files).not.toEqual([]);
    for (const file of files) {
      const source = readFileSync(fileURLToPath(new URL(file, root)), "utf8");
      expect([file, new RegExp(`["\`[]P${number}: `).test(source)]).toEqual([file, true]);
    }
  },
);
