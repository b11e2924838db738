import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "@jest/globals";
import { programDigest } from "../../../../src/cli/shared/programDigest.ts";
import { temporaryFolder } from "../../../support/temporaryFolder.ts";

test("a bundle is identified by the bytes and the names of its parts", async () => {
  const folder = join(await temporaryFolder("program"), "lib");
  await mkdir(folder);
  const [one, other] = [join(folder, "one.mjs"), join(folder, "other.mjs")];
  const digestWith = async (path: string, text: string) => {
    await writeFile(path, text);
    return programDigest(pathToFileURL(one).href);
  };
  const first = await digestWith(one, "1");
  expect(first).toMatch(/^[\w+/]{43}=$/);
  const digests = [
    first,
    await digestWith(one, "2"),
    await digestWith(other, ""),
    await digestWith(other, "1"),
  ];
  expect(new Set(digests).size).toBe(4);
  await rm(other);
  expect(await digestWith(one, "1")).toBe(first);
});

test("a file that is no part of a bundle does not identify one", async () => {
  const file = join(await temporaryFolder("program"), "countersign.mjs");
  await writeFile(file, "");
  expect(programDigest(pathToFileURL(file).href)).toBeUndefined();
});

test("a program that runs from its sources is not identified", () => {
  expect(programDigest()).toBeUndefined();
});
