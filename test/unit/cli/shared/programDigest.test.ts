import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "@jest/globals";
import { programDigest } from "../../../../src/cli/shared/programDigest.ts";
import { temporaryFolder } from "../../../support/temporaryFolder.ts";

test("a bundle is identified by its bytes", async () => {
  const file = join(await temporaryFolder("program"), "program.mjs");
  const digests = [];
  for (const text of ["one", "two", "one"]) {
    await writeFile(file, text);
    digests.push(programDigest(pathToFileURL(file).href));
  }
  expect(digests[0]).toMatch(/^[\w+/]{43}=$/);
  expect(digests[1]).not.toBe(digests[0]);
  expect(digests[2]).toBe(digests[0]);
});

test("a program that runs from its sources is not identified", () => {
  expect(programDigest()).toBeUndefined();
});
