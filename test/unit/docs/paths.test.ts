import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";

const page = readFileSync(new URL("../../../docs/architecture.md", import.meta.url), "utf8");
/** Each hop of the paths, as file and function. */
const hops = [...page.matchAll(/`([\w/]+\.ts):(\w+)`/g)].map(
  ([, file = "", name = ""]) => [file, name] as const,
);

describe("the paths of docs/architecture.md", () => {
  test("are four lists of about ten hops", () => {
    const lists = page.split(/^### /m).map((section) => [...section.matchAll(/^\d+\. `/gm)].length);
    const lengths = lists.filter((length) => length > 0);
    expect(lengths).toHaveLength(4);
    for (const length of lengths) expect(Math.abs(length - 10)).toBeLessThanOrEqual(2);
  });

  test.each(hops)("%s has the function %s", (file, name) => {
    const source = readFileSync(new URL(`../../../src/${file}`, import.meta.url), "utf8");
    const declaration = new RegExp(`(?:\\bfunction\\*? |^  (?:async )?#?)${name}(?:<[^(]*>)?\\(`, "m");
    expect(declaration.test(source)).toBe(true);
  });
});
