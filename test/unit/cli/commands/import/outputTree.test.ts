import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { Secret } from "../../../../../src/api/secret.ts";
import { OutputTree, type WrittenTree } from "../../../../../src/cli/commands/import/outputTree.ts";
import { temporaryFolder } from "../../../../support/temporaryFolder.ts";

let folder: string;
beforeEach(async () => {
  folder = join(await temporaryFolder("output"), "tenant");
});

const at = (path: string) => join(folder, path);
const read = (path: string) => readFileSync(at(path), "utf8");

/** Writes files; texts of files in `secrets` are secret. */
async function write(files: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<WrittenTree> {
  const tree = new OutputTree(folder);
  const planned = Object.entries(files).map(([path, text]) => {
    return { path, content: path.startsWith("secrets/") ? Secret.of(text) : text };
  });
  await tree.stage(planned, () => undefined, signal ?? new AbortController().signal);
  return tree.commit();
}

const FILES = { "grants/a.yaml": "a: 1\n", "secrets/a.yaml": "key: x\n", "MIGRATION.md": "# a\n" };

test("files are written, Secrets readable by their user alone", async () => {
  expect(await write(FILES)).toEqual({ written: 3, unchanged: 0, beside: [], encrypted: [], leftOver: [] });
  expect(read("grants/a.yaml")).toBe("a: 1\n");
  expect(statSync(at("secrets/a.yaml")).mode & 0o777).toBe(0o600);
  expect(statSync(at("secrets")).mode & 0o777).toBe(0o700);
  expect(existsSync(at(".countersign-import.tmp"))).toBe(false);
});

test("a second run of the same input writes nothing", async () => {
  await write(FILES);
  expect(await write(FILES)).toMatchObject({ written: 0, unchanged: 3 });
});

test("files that only the program wrote are replaced", async () => {
  await write(FILES);
  expect(await write({ ...FILES, "grants/a.yaml": "a: 2\n" })).toMatchObject({ written: 1, beside: [] });
  expect(read("grants/a.yaml")).toBe("a: 2\n");
});

test("a file that a person changed is kept, in every later run, and the new content is written beside it", async () => {
  await write(FILES);
  writeFileSync(at("grants/a.yaml"), "a: mine\n");
  for (const text of ["a: 2\n", "a: 3\n"]) {
    expect(await write({ ...FILES, "grants/a.yaml": text })).toMatchObject({ beside: ["grants/a.yaml"] });
    expect([read("grants/a.yaml"), read("grants/a.yaml.new")]).toEqual(["a: mine\n", text]);
  }
});

test("a file that was there before the first run is a person's", async () => {
  await write({ "MIGRATION.md": "" });
  writeFileSync(at("notes.yaml"), "mine\n");
  expect(await write({ "notes.yaml": "ours\n" })).toMatchObject({ beside: ["notes.yaml"] });
});

describe("a Secret that a person changed", () => {
  test("is kept where it is encrypted, and no clear text is written beside it", async () => {
    await write(FILES);
    const encrypted = "stringData:\n    ApiAppKey: ENC[AES256_GCM,data:x]\nsops:\n    version: 3\n";
    writeFileSync(at("secrets/a.yaml"), encrypted);
    expect(await write(FILES)).toMatchObject({ encrypted: ["secrets/a.yaml"], beside: [] });
    expect(read("secrets/a.yaml")).toBe(encrypted);
    expect(existsSync(at("secrets/a.yaml.new"))).toBe(false);
  });

  test("is kept, and a new pair is written beside it with the same mode", async () => {
    await write(FILES);
    expect(await write({ ...FILES, "secrets/a.yaml": "key: y\n" })).toMatchObject({
      beside: ["secrets/a.yaml"],
    });
    expect(statSync(at("secrets/a.yaml.new")).mode & 0o777).toBe(0o600);
  });

  test("has no hash in the manifest, by which a short one could be searched", async () => {
    await write(FILES);
    expect(read(".countersign-import.json")).not.toContain("secrets/");
  });
});

test("files of an earlier run are named, and kept", async () => {
  await write(FILES);
  expect(await write({ "MIGRATION.md": "# a\n" })).toMatchObject({ leftOver: ["grants/a.yaml"] });
  expect(existsSync(at("grants/a.yaml"))).toBe(true);
});

test("an interrupted run changes no file, and the next one removes what it left", async () => {
  await write(FILES);
  const tree = new OutputTree(folder);
  await tree.stage([{ path: "grants/a.yaml", content: "a: 2\n" }], () => undefined, AbortSignal.abort());
  expect(read("grants/a.yaml")).toBe("a: 1\n");
  await write(FILES);
  expect(existsSync(at(".countersign-import.tmp"))).toBe(false);
});

test("files that were moved before the program was killed are still its own", async () => {
  await write(FILES);
  const before = read(".countersign-import.json");
  await write({ ...FILES, "grants/a.yaml": "a: 2\n" });
  const manifest = JSON.parse(before) as { files: Record<string, string[]> };
  const after = JSON.parse(read(".countersign-import.json")) as { files: Record<string, string[]> };
  const both = [...(manifest.files["grants/a.yaml"] ?? []), ...(after.files["grants/a.yaml"] ?? [])];
  writeFileSync(
    at(".countersign-import.json"),
    JSON.stringify({ files: { ...after.files, "grants/a.yaml": both } }),
  );
  expect(await write({ ...FILES, "grants/a.yaml": "a: 3\n" })).toMatchObject({ beside: [] });
});
