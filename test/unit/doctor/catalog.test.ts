import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { DENIAL_CODES } from "../../../src/api/vocabulary.ts";
import { WHY } from "../../../src/doctor/catalog.ts";

const PAGE = readFileSync(new URL("../../../docs/troubleshooting.md", import.meta.url), "utf8");
/** What the first cells of the page's tables name. */
const EXPLAINED = [...PAGE.matchAll(/^\| ([^|]*`[^|]*) \|/gm)].flatMap(([, cell = ""]) =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
);

test("docs/troubleshooting.md explains every finding and every code of a denial, once", () => {
  expect(EXPLAINED.toSorted()).toEqual([...Object.keys(WHY), ...DENIAL_CODES].toSorted());
});
