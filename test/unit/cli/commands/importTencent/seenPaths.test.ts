import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { readSeenPaths } from "../../../../../src/cli/commands/importTencent/seenPaths.ts";
import { temporaryFolder } from "../../../../support/temporaryFolder.ts";

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder("seen");
});

async function read(text: string): Promise<readonly string[]> {
  const file = join(folder, "traffic");
  await writeFile(file, text);
  return await readSeenPaths(file);
}

const raw = Buffer.from("GET /release/a?x=1 HTTP/1.1\r\nHost: a\r\n\r\n").toString("base64");

describe("paths are read, with and without the first segment, from", () => {
  const cases: Record<string, string> = {
    "JSON lines with a target":
      '{"target":"/release/a?x=1"}\n\nnot JSON\n{"target":"https://h.example.com/release/a"}\n',
    "JSON lines with bytes": `{"raw":"${raw}"}\r\n`,
    "a HAR file": '{\n"log": {\n"entries": [\n{"request": {"url": "https://h.example.com/release/a#b"}}\n]}}',
  };
  test.each(Object.entries(cases))("%s", async (_, text) => {
    expect(await read(text)).toEqual(["/a", "/release/a"]);
  });
});

test("a file without a request, or that does not exist, is refused", async () => {
  await expect(read("[]")).rejects.toThrow(/has no captured request: see countersign replay --help/);
  await expect(readSeenPaths(join(folder, "nowhere"))).rejects.toThrow(/nowhere cannot be read \(ENOENT\)/);
});
