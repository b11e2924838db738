import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "@jest/globals";
import { programDigest } from "../../../../src/cli/shared/programDigest.ts";
import { temporaryFolder } from "../../../support/temporaryFolder.ts";

test("a bundle is identified by the names of its parts", async () => {
  const folder = await temporaryFolder("program");
  const part = join(folder, "part-A.mjs");
  await writeFile(part, "");
  const digest = () => programDigest(pathToFileURL(part).href);
  const first = digest();
  expect(first).toMatch(/^[\w+/]{43}=$/);
  await writeFile(join(folder, "part-B.mjs"), "");
  expect(digest()).not.toBe(first);
  await rm(join(folder, "part-B.mjs"));
  expect(digest()).toBe(first);
});

test("a program that runs from its sources is not identified", () => {
  expect(programDigest()).toBeUndefined();
});
