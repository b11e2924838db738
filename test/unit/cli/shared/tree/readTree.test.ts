import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import { TreeReader } from "../../../../../src/cli/shared/tree/readTree.ts";
import { readTwoTrees, readValidTree } from "../../../../../src/cli/shared/tree/validTree.ts";
import { removeFolder, temporaryFolder } from "../../../../support/temporaryFolder.ts";

const HEAD = "apiVersion: countersign.dev/v1alpha1\n";
const app = (name: string, spec = "{}") =>
  `${HEAD}kind: Application\nmetadata: {name: ${name}, namespace: team}\nspec: ${spec}\n`;
const domain = (name: string, hosts: string) =>
  `${HEAD}kind: ApiDomain\nmetadata: {name: ${name}}\nspec:\n  hosts: [${hosts}]\n  namespaces: {names: [team]}\n`;
const NEVER = new AbortController().signal;

const folders: string[] = [];
let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder("tree");
  folders.push(folder);
});
afterAll(async () => {
  for (const one of folders) await removeFolder(one);
});

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, ".."), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

async function namesIn(...paths: readonly string[]): Promise<readonly string[]> {
  const { objects } = await new TreeReader(NEVER).read(paths.map((path) => join(folder, path)));
  return objects.map(({ object }) => String((object.value.metadata as { name: string }).name));
}

describe("a tree", () => {
  test("is read with its subdirectories, in the order of names", async () => {
    await write({
      "b.yaml": app("two"),
      "a/z.yml": app("one"),
      "c.json": '{"kind": "Other", "metadata": {"name": "three"}}',
    });
    expect(await namesIn("")).toEqual(["one", "two", "three"]);
  });

  test("has neither hidden files nor those that Kustomize, Helm and npm read themselves", async () => {
    await write({
      "a.yaml": app("one"),
      ".git/b.yaml": app("hidden"),
      ".c.yaml": app("hidden"),
      "kustomization.yaml": "resources: [a.yaml]\n",
      "Chart.yaml": "name: x\n",
      "values-test.yaml": "a: b\n",
      "node_modules/x/d.yaml": app("dependency"),
      "readme.md": "# x\n",
    });
    expect(await namesIn("")).toEqual(["one"]);
  });

  test("may be several directories and files", async () => {
    await write({ "a/a.yaml": app("one"), "b/b.yaml": app("two"), "b/c.yaml": app("three") });
    expect(await namesIn("b/c.yaml", "a")).toEqual(["three", "one"]);
  });

  test("that does not exist is a failure that names it", async () => {
    await expect(namesIn("none")).rejects.toThrow(`${join(folder, "none")} cannot be read (ENOENT)`);
  });

  test("stops to be read when the signal aborts", async () => {
    await write({ "a.yaml": app("one") });
    const reader = new TreeReader(AbortSignal.abort(new DOMException("SIGINT", "AbortError")));
    await expect(reader.read([folder])).rejects.toMatchObject({ message: "interrupted", exitCode: 130 });
  });
});

test("a tree with errors is refused with all of them, since who may call what is not known", async () => {
  await write({ "a.yaml": app("one", "{suspnded: true}"), "b.yaml": "a: [\n" });
  const failure = readValidTree([folder], NEVER);
  await expect(failure).rejects.toThrow(
    /has 2 errors; countersign validate lists all of them:\n.*b\.yaml:2: .*\n.*spec\.suspnded/,
  );
});

test("an ApiDomain of both versions is older than one of the new version alone, unless the files have their ages", async () => {
  await write({
    "old/z.yaml": domain("z", "api.x"),
    "new/z.yaml": domain("z", "api.x"),
    "new/a.yaml": domain("a", "api.x"),
    "new/b.yaml": domain("b", "api.x").replace(
      "{name: b}",
      '{name: b, creationTimestamp: "1969-01-01T00:00:00Z"}',
    ),
  });
  const { old, next } = await readTwoTrees(join(folder, "old"), join(folder, "new"), NEVER);
  const ages = (domains: typeof next.domains) =>
    domains.map(({ metadata }) => [metadata.name, metadata.creationTimestamp]);
  expect(ages(old.domains)).toEqual([["z", "1970-01-01T00:00:00Z"]]);
  expect(ages(next.domains)).toEqual([
    ["a", "1970-01-01T00:00:01Z"],
    ["b", "1969-01-01T00:00:00Z"],
    ["z", "1970-01-01T00:00:00Z"],
  ]);
});

test("the id in a status is the Application's, as kubectl prints it", async () => {
  await write({ "a.yaml": `${app("one")}status: {applicationId: app-k3v9x0q2}\n` });
  const { tree } = await readValidTree([folder], NEVER);
  expect(tree.applications[0]?.status?.applicationId).toBe("app-k3v9x0q2");
});
