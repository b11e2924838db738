import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "@jest/globals";
import { captures } from "../../../../../src/cli/shared/capture/captures.ts";
import { temporaryFolder } from "../../../../support/temporaryFolder.ts";

const LINE = `${JSON.stringify({ time: 1, method: "GET", target: "/", headers: [] })}\n`;
let folder: string;
const at = (...names: readonly string[]) => join(folder, ...names);

beforeAll(async () => {
  folder = await temporaryFolder("captures");
  await mkdir(at("tap/deep"), { recursive: true });
  await writeFile(at("tap/b"), LINE);
  await writeFile(at("tap/a"), LINE.repeat(2));
  await writeFile(at("tap/deep/c"), LINE);
  await writeFile(at("tap/.hidden"), LINE);
  await writeFile(at("empty"), "");
  await writeFile(at("large"), LINE.repeat(20_000));
});

async function readAll(paths: readonly string[], signal?: AbortSignal): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const one of captures(paths, signal ? { signal } : {}))
    found.push(`${one.place.file.slice(folder.length + 1)} ${one.ok ? "ok" : one.problem}`);
  return found;
}

test("a folder is read with all files below it in the order of their names, without hidden ones", async () => {
  expect(await readAll([at("tap")])).toEqual(["tap/a ok", "tap/a ok", "tap/b ok", "tap/deep/c ok"]);
});

test("an empty file among others is unreadable, since it is a lost request", async () => {
  expect(await readAll([at("empty"), at("tap/b")])).toEqual([
    "empty is empty; the disk may have been full when it was written",
    "tap/b ok",
  ]);
  expect(await readAll([at("empty")])).toEqual([]);
});

test("a file that is too large to be read whole is read in pieces", async () => {
  expect(await readAll([at("large"), at("tap/b")])).toHaveLength(20_001);
});

test("a path that does not exist is named", async () => {
  await expect(readAll([at("missing")])).rejects.toThrow(/missing cannot be read \(ENOENT\)/);
});

test("no further file is read after the signal has aborted", async () => {
  expect(await readAll([at("tap"), at("large")], AbortSignal.abort())).toEqual([]);
});
