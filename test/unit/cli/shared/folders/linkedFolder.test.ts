import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { LinkedFolder } from "../../../../../src/cli/shared/folders/linkedFolder.ts";
import { FolderWatch } from "../../../../../src/store/files/watch/folderWatch.ts";
import { eventually } from "../../../../support/events.ts";
import { temporaryFolder } from "../../../../support/temporaryFolder.ts";

let folder: string;
let links: string;
let stop: AbortController;
beforeEach(async () => {
  folder = await temporaryFolder("tree");
  links = join(await temporaryFolder("scratch"), "links");
  stop = new AbortController();
  write("a.yaml", "a");
  write("grants/b.yaml", "b");
  new LinkedFolder(folder, links).follow(stop.signal);
});
afterEach(() => stop.abort());

function write(path: string, text: string): void {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const texts = () =>
  readdirSync(links)
    .map((name) => readFileSync(join(links, name), "utf8"))
    .toSorted()
    .join(" ");

const become = (expected: string) => eventually(() => texts() === expected);

test("the files of subdirectories are there from the start", () => {
  expect(texts()).toBe("a b");
});

test("a file that is added to a subdirectory later is linked, and one that is removed is not any more", async () => {
  write("grants/c.yaml", "c");
  await become("a b c");
  rmSync(join(folder, "grants/b.yaml"));
  await become("a c");
});

test("a subdirectory that is added later is followed too, also below another", async () => {
  write("x/y/d.yaml", "d");
  await become("a b d");
  write("x/y/e.yaml", "e");
  await become("a b d e");
  rmSync(join(folder, "x"), { recursive: true });
  await become("a b");
});

test("a change of a file in a subdirectory is reported to a watch of the folder of links", async () => {
  const seen = new Set<string>();
  const watch = new FolderWatch((_, name) => seen.add(name));
  watch.keep([links]);
  write("grants/b.yaml", "changed");
  await eventually(() => seen.has("grants_-b.yaml"));
  watch.close();
  expect(texts()).toBe("a changed");
});

test("a directory that is replaced by another one is followed again", async () => {
  renameSync(folder, `${folder}-away`);
  write("f.yaml", "f");
  await become("f");
  rmSync(`${folder}-away`, { recursive: true });
});
