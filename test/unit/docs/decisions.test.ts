import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";

const FOLDER = new URL("../../../docs/decisions/", import.meta.url);
const read = (name: string) => readFileSync(new URL(name, FOLDER), "utf8");
const files = readdirSync(FOLDER).filter((name) => name !== "README.md");

test("decisions are numbered consecutively, and the index links each of them in this order", () => {
  const numbers = files.map((name) => Number(/^(\d{4})-[a-z-]+\.md$/.exec(name)?.[1]));
  expect(numbers).toEqual(files.map((_, at) => at + 1));
  const rows = [...read("README.md").matchAll(/^\| \[(\d{4})\]\((\S+)\) \| .+ \|$/gm)];
  expect(rows.map(([, number, file]) => [number, file])).toEqual(
    files.map((name) => [name.slice(0, 4), name]),
  );
});

test.each(files)(
  "%s has a title with its number, states context, choice and cost, and is about twenty lines long",
  (name) => {
    const page = read(name);
    expect(page).toMatch(new RegExp(`^# ${name.slice(0, 4)}: .+\n`));
    expect([...page.matchAll(/^## (.+)$/gm)].map(([, title]) => title)).toEqual([
      "Context",
      "Choice",
      "Cost",
    ]);
    expect(page.trimEnd().split("\n").length).toBeLessThanOrEqual(32);
  },
);
