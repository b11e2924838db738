import { chmod, mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

let root: string;
let parts: typeof import("../../parts/cache.ts");
beforeAll(async () => {
  root = await temporaryFolder("cache");
  process.env.COUNTERSIGN_PARTS = join(root, "parts");
  parts = await import("../../parts/cache.ts");
});

const unfinished = async () => (await readdir(parts.CACHE)).filter((name) => name.startsWith("making-"));

describe("the cache of parts", () => {
  test("makes a part once", async () => {
    let made = 0;
    const make = async (folder: string) => {
      made += 1;
      await writeFile(join(folder, "tool"), "");
    };
    const first = await parts.cached("once-1", "tool", make);
    expect(await parts.cached("once-1", "tool", make)).toBe(first);
    expect([first, made]).toEqual([join(parts.CACHE, "once-1", "tool"), 1]);
  });

  test("gives both the part when two make it at a time", async () => {
    let arrived = 0;
    let release = () => {};
    const both = new Promise<void>((resolve) => {
      release = resolve;
    });
    const make = async (folder: string) => {
      arrived += 1;
      if (arrived === 2) release();
      await both;
      await writeFile(join(folder, "tool"), "");
    };
    const [a, b] = await Promise.all([
      parts.cached("twice-1", "tool", make),
      parts.cached("twice-1", "tool", make),
    ]);
    expect(a).toBe(b);
    expect(await unfinished()).toEqual([]);
  });

  test("keeps nothing of a part that could not be made", async () => {
    const make = async (folder: string) => {
      await writeFile(join(folder, "half"), "");
      throw new Error("no network");
    };
    await expect(parts.cached("broken-1", "tool", make)).rejects.toThrow("no network");
    expect(await readdir(parts.CACHE)).not.toContain("broken-1");
    expect(await unfinished()).toEqual([]);
  });

  test("removes what an interrupted process left an hour ago, and keeps what is still being made", async () => {
    for (const name of ["making-old", "making-now"])
      await mkdir(join(parts.CACHE, name), { recursive: true });
    await utimes(join(parts.CACHE, "making-old"), 0, 0);
    await parts.cached("sweeping-1", "tool", (folder) => writeFile(join(folder, "tool"), ""));
    expect(await unfinished()).toEqual(["making-now"]);
  });
});

test("only a file that may be executed counts as a program", async () => {
  const folders = ["folder", "text", "program"].map((name) => join(root, name));
  const [asFolder, asText, asProgram] = folders as [string, string, string];
  await mkdir(join(asFolder, "tool"), { recursive: true });
  for (const folder of [asText, asProgram]) {
    await mkdir(folder);
    await writeFile(join(folder, "tool"), "", { mode: 0o644 });
  }
  await chmod(join(asProgram, "tool"), 0o755);
  expect(parts.findProgram("tool", [undefined, ...folders])).toBe(join(asProgram, "tool"));
  expect(parts.findProgram("tool", [undefined, asFolder, asText])).toBeUndefined();
});

test("a command that fails throws an error with its output", async () => {
  await expect(parts.run("sh", ["-c", "echo why; exit 3"])).rejects.toThrow("why");
  await expect(parts.run("no-such-command-here", [])).rejects.toThrow("ENOENT");
});
