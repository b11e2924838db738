import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { EN, type TextId } from "../../../console/src/text/en.ts";
import { ZH_CN } from "../../../console/src/text/zhCn.ts";

const PAGES = new URL("../../../console/src", import.meta.url).pathname;
const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
const sources = readdirSync(PAGES, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".tsx"))
  .map((name) => [name, readFileSync(join(PAGES, name), "utf8")] as const);

describe("the Chinese catalogue", () => {
  test("has the values of each English text", () => {
    const ids = Object.keys(EN) as TextId[];
    const differ = ids.filter(
      (id) => placeholders(EN[id]).join() !== placeholders(ZH_CN[id]).join() && ZH_CN[id] !== undefined,
    );
    expect(differ).toEqual([]);
  });

  test("has no English sentence left", () => {
    const same = (Object.keys(EN) as TextId[]).filter((id) => EN[id] === ZH_CN[id] && / /.test(EN[id]));
    expect(same).toEqual([]);
  });
});

test("no page has a text outside the catalogues", () => {
  expect(sources.length).toBeGreaterThan(8);
  // Text between two tags, and attributes that people read.
  const texts = /[^=]>\s*([A-Za-z][^<>{}=;]*?)\s*<\/|(?:title|aria-label|placeholder|alt)="([^"]+)"/g;
  const found = sources.flatMap(([name, source]) =>
    [...source.matchAll(texts)].map(([, between, attribute]) => `${name}: ${between ?? attribute}`),
  );
  expect(found).toEqual(["shell.tsx: Countersign"]);
});

test("every text of the catalogues is used", () => {
  const all = sources.map(([, source]) => source).join("\n");
  const isUsed = (id: string) =>
    all.includes(`"${id}"`) || all.includes(`\`${id.slice(0, id.lastIndexOf(".") + 1)}\${`);
  expect(Object.keys(EN).filter((id) => !isUsed(id))).toEqual([]);
});
