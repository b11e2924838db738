import { existsSync } from "node:fs";
import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "@jest/globals";
// @ts-expect-error The scripts that start everything run on the machine's own Node, so they are plain JavaScript.
import { inTempRoot } from "../../../scripts/tempRoot.mjs";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

let parent: string;
let memory: string;
let reports: string[];
beforeEach(async () => {
  const folder = await temporaryFolder("root");
  [parent, memory] = [join(folder, "tmp"), join(folder, "shm")];
  for (const one of [parent, memory]) await mkdir(one);
  reports = [];
});

type Variables = Readonly<Record<"TMPDIR" | "COUNTERSIGN_TEST_MEMORY", string>>;
const run = (work: (variables: Variables) => Promise<number>): Promise<number> =>
  inTempRoot(work, { parent, memory, report: (text: string) => reports.push(text) });

describe("a run with temporary folders of its own", () => {
  test("has the status of its tests when it leaves nothing behind", async () => {
    for (const status of [0, 1, 130]) expect(await run(async () => status)).toBe(status);
    expect(reports).toEqual([]);
  });

  test.each(["TMPDIR", "COUNTERSIGN_TEST_MEMORY"] as const)(
    "fails, and names what it left, when its tests pass but leave a file in %s",
    async (variable) => {
      const status = await run(async (variables) => {
        await writeFile(join(variables[variable], "countersign-left"), "x");
        return 0;
      });
      expect([status, reports]).toEqual([1, [expect.stringMatching(/^ {2}\/\S+\/countersign-left$/m)]]);
    },
  );

  test("keeps the status of tests that failed, whatever they left", async () => {
    const status = await run(async ({ TMPDIR }) => {
      await writeFile(join(TMPDIR, "left"), "x");
      return 3;
    });
    expect([status, reports]).toEqual([3, []]);
  });

  test("removes its folders in every case", async () => {
    await run(async ({ TMPDIR }) => {
      await writeFile(join(TMPDIR, "left"), "x");
      return 0;
    });
    await expect(run(() => Promise.reject(new Error("not started")))).rejects.toThrow("not started");
    expect([await readdir(parent), await readdir(memory)]).toEqual([[], []]);
  });

  test("has folders that other users can pass through, and none in memory where there is no such place", async () => {
    const missing = join(memory, "none");
    await inTempRoot(
      async (variables: Variables) => {
        expect((await stat(variables.TMPDIR)).mode & 0o777).toBe(0o711);
        expect(variables.COUNTERSIGN_TEST_MEMORY).toBeUndefined();
        return 0;
      },
      { parent, memory: missing },
    );
    expect(existsSync(missing)).toBe(false);
  });
});
