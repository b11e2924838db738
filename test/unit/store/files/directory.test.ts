import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "@jest/globals";
import { YamlDirectory } from "../../../../src/store/files/directory.ts";
import { temporaryFolder } from "../../../support/temporaryFolder.ts";

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder("directory");
});

const application = (displayName: string) =>
  `apiVersion: countersign.dev/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec: {displayName: ${displayName}}\n`;

async function displayName(directory: YamlDirectory): Promise<unknown> {
  const read = await directory.read(() => undefined);
  if (!("objects" in read)) throw new Error(read.message);
  return (read.objects.get("Application default/a")?.spec as { displayName?: string } | undefined)
    ?.displayName;
}

test("two edits of one length within a tick of the file system's clock are both seen", async () => {
  const [now, size] = [5_000, application("p").length];
  const directory = new YamlDirectory(folder, () => now, {
    times: () => ({ mtimeMs: now - 4, ctimeMs: now - 4, size, ino: 1 }),
  });
  for (const name of ["p", "q"]) {
    writeFileSync(join(folder, "a.yaml"), application(name));
    expect(await displayName(directory)).toBe(name);
  }
});

test("a directory in which nothing changed gives the same answer again", async () => {
  const directory = new YamlDirectory(folder, Date.now);
  const first = await directory.read(() => undefined);
  expect(await directory.read(() => undefined)).toBe(first);
});

test("an object is validated again when the object in effect has changed", async () => {
  const grant = (environment: string) =>
    `apiVersion: countersign.dev/v1alpha1\nkind: ApiGrant\nmetadata: {name: g}\nspec:\n  environment: ${environment}\n  apis: [{name: a, hosts: [a.example.com], paths: [{type: PathPrefix, value: /}]}]\n  applications: [{name: b}]\n`;
  const own = await temporaryFolder("transition");
  writeFileSync(join(own, "g.yaml"), grant("release"));
  const directory = new YamlDirectory(own, Date.now);
  const idsOf = async (old: (id: string) => unknown) => {
    const read = await directory.read(old);
    if (!("objects" in read)) throw new Error(read.message);
    return { declared: [...read.objects.keys()], kept: [...read.kept] };
  };
  const id = "ApiGrant default/g";
  expect(await idsOf(() => undefined)).toEqual({ declared: [id], kept: [] });
  const other = { spec: { environment: "test", apis: [], applications: [] } };
  writeFileSync(join(own, "h.yaml"), application("p"));
  expect(await idsOf((one) => (one === id ? other : undefined))).toMatchObject({ kept: [id] });
});
