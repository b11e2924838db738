import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { Program } from "../support/childProcess.ts";
import { removeFolder, temporaryFolder } from "../support/temporaryFolder.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const HELPER = join(ROOT, "test/support/temporaryFolder.ts");

/** A test file that makes a folder for each of its hooks and tests, and notes what its last hook saw of them. */
const testFile = (notes: string, isPassing: boolean) => `
  import { existsSync, writeFileSync } from "node:fs";
  import { temporaryFolder } from ${JSON.stringify(HELPER)};
  const folders = [await temporaryFolder("module")];
  beforeAll(async () => folders.push(await temporaryFolder("hook")));
  test("a test", async () => {
    folders.push(await temporaryFolder("test"));
    expect(${isPassing}).toBe(true);
  });
  afterAll(() => {
    const seen = folders.map((folder) => existsSync(folder));
    writeFileSync(${JSON.stringify(notes)}, JSON.stringify({ folders, seen }));
  });`;

test.each([
  ["passes", true],
  ["fails", false],
])(
  "the folders of a test file that %s are there for its last hook, and gone afterwards",
  async (_, isPassing) => {
    const folder = await temporaryFolder("jest");
    const [notes, config] = [join(folder, "notes.json"), join(folder, "config.json")];
    await writeFile(join(folder, "a.test.mjs"), testFile(notes, isPassing));
    const settings = {
      rootDir: folder,
      roots: [folder],
      cacheDirectory: join(folder, "cache"),
      testMatch: ["**/a.test.mjs"],
      testEnvironment: join(ROOT, "test/support/environment.ts"),
      extensionsToTreatAsEsm: [".ts"],
      transform: { "\\.ts$": join(ROOT, "test/support/stripTypes.js") },
    };
    await writeFile(config, JSON.stringify(settings));
    const jest = [join(ROOT, "node_modules/jest/bin/jest.js"), "--config", config, "--runInBand"];
    const program = new Program(process.execPath, ["--experimental-vm-modules", ...jest]);
    expect([await program.ended, program.output]).toEqual([
      isPassing ? 0 : 1,
      expect.stringContaining("a test"),
    ]);
    const { folders, seen } = JSON.parse(await readFile(notes, "utf8"));
    expect(seen).toEqual([true, true, true]);
    expect(folders.filter((made: string) => existsSync(made))).toEqual([]);
  },
);

test("a folder can be removed before its time", async () => {
  const folder = await temporaryFolder("early");
  await writeFile(join(folder, "file"), "x");
  await removeFolder(folder);
  expect(existsSync(folder)).toBe(false);
});
