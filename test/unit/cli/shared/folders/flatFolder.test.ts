import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "@jest/globals";
import { flatFolder } from "../../../../../src/cli/shared/folders/flatFolder.ts";
import { temporaryFolder } from "../../../../support/temporaryFolder.ts";

let folder: string;
let scratch: string;
beforeEach(async () => {
  folder = await temporaryFolder("tree");
  scratch = await temporaryFolder("scratch");
});

function write(path: string): void {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), path);
}

test("a directory without subdirectories is read itself", () => {
  for (const path of ["a.yaml", "notes.txt"]) write(path);
  expect(flatFolder(folder, scratch).directory).toBe(folder);
});

test("YAML files of subdirectories are read too, and messages name them as the user knows them", () => {
  for (const path of [
    "a.yaml",
    "grants/a.yaml",
    "grants/a_-b.yml",
    "x/y/c.json",
    "x/notes.txt",
    ".git/d.yaml",
    ".hidden.yaml",
  ])
    write(path);
  const { directory, originOf } = flatFolder(folder, scratch);
  const links = readdirSync(directory).map((name) => join(directory, name));
  const origins = ["a.yaml", "grants/a.yaml", "grants/a_-b.yml", "x/y/c.json"];
  expect(links.map((link) => readFileSync(link, "utf8")).toSorted()).toEqual(origins);
  expect(links.map(originOf).toSorted()).toEqual(origins.map((path) => join(folder, path)));
  expect(originOf("elsewhere.yaml")).toBe("elsewhere.yaml");
});
