import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "@jest/globals";
import { readSeenPaths } from "../../../../../src/cli/commands/import/seenPaths.ts";
import { temporaryFolder } from "../../../../support/temporaryFolder.ts";

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder("seen");
});

async function read(text: string): Promise<readonly string[]> {
  const file = join(folder, "traffic");
  await writeFile(file, text);
  return await readSeenPaths(file, new AbortController().signal);
}

const time = "2026-11-24T09:00:00Z";
const raw = Buffer.from("GET /release/a?x=1 HTTP/1.1\r\nHost: a.example.com\r\n\r\n").toString("base64");

test("paths are read with and without the first segment, and lines without a request are skipped", async () => {
  const parts = { time, method: "GET", target: "/b", headers: [["Host", "a.example.com"]] };
  expect(await read(`${JSON.stringify({ time, raw })}\nnot JSON\n${JSON.stringify(parts)}\n`)).toEqual([
    "/a",
    "/b",
    "/release/a",
  ]);
});

test("a file without a request, or that does not exist, is refused", async () => {
  await expect(read("not JSON")).rejects.toThrow(/has no captured request: see countersign replay --help/);
  await expect(readSeenPaths(join(folder, "nowhere"), new AbortController().signal)).rejects.toThrow(
    /nowhere cannot be read \(ENOENT\)/,
  );
});
