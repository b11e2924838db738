import { existsSync } from "node:fs";
import { readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { withScratchFolder } from "../../../../../src/cli/shared/folders/scratchFolder.ts";
import { Program } from "../../../../support/childProcess.ts";
import { temporaryFolder } from "../../../../support/temporaryFolder.ts";

const SOURCE = new URL("../../../../../src/cli/shared/folders/scratchFolder.ts", import.meta.url).href;

test("a scratch folder is this user's alone, and gone when the work is done", async () => {
  const folder = await withScratchFolder(async (made) => {
    expect((await stat(made)).mode & 0o777).toBe(0o700);
    await writeFile(join(made, "secret"), "s");
    return made;
  });
  expect(existsSync(folder)).toBe(false);
});

test("a scratch folder is gone when the work fails", async () => {
  const made: string[] = [];
  const failing = withScratchFolder(async (folder) => {
    made.push(folder);
    throw new Error("failed");
  });
  await expect(failing).rejects.toThrow("failed");
  expect(made.map((folder) => existsSync(folder))).toEqual([false]);
});

const ends: Record<string, [code: string, end: (program: Program) => void, status: number]> = {
  "exits in the middle": ["process.exit(3)", () => undefined, 3],
  "throws an uncaught exception": ["setTimeout(() => { throw new Error() })", () => undefined, 1],
  "gets Ctrl-C": ["", (program) => program.kill("SIGINT"), 130],
  "gets SIGTERM": ["", (program) => program.kill("SIGTERM"), 143],
};
test.each(Object.entries(ends))(
  "no scratch folder is left by a process that %s",
  async (_, [code, end, status]) => {
    const parent = await temporaryFolder("scratch");
    const source = `
    import { withScratchFolder } from ${JSON.stringify(SOURCE)};
    import { writeFileSync } from "node:fs";
    await withScratchFolder(async (folder) => {
      writeFileSync(folder + "/secret", "s");
      console.log("working");
      ${code}
      await new Promise((resolve) => setTimeout(resolve, 60_000));
    });`;
    const program = new Program(process.execPath, ["--input-type=module", "-e", source], {
      env: { ...process.env, TMPDIR: parent },
    });
    await program.waitFor(/^working/m);
    end(program);
    expect([await program.ended, await readdir(parent)]).toEqual([status, []]);
  },
);
