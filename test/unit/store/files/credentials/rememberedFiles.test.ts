import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Secret } from "../../../../../src/api/secret.ts";
import { CredentialFiles } from "../../../../../src/store/files/credentials/credentialFiles.ts";
import { RememberedFiles } from "../../../../../src/store/files/credentials/rememberedFiles.ts";
import { manifestOf, readManifest } from "../../../../../src/store/files/credentials/secretManifest.ts";
import { FilesStore } from "../../../../../src/store/files/filesStore.ts";
import { SecretTable } from "../../../../../src/store/files/secrets.ts";
import { StateDirectory } from "../../../../../src/store/files/state/stateDirectory.ts";
import { Versions } from "../../../../../src/store/files/versions.ts";
import { temporaryFolder } from "../../../../support/temporaryFolder.ts";

let folder: string;
let state: StateDirectory;
beforeEach(async () => {
  folder = await temporaryFolder("remembered");
  state = new StateDirectory(folder);
  state.open();
});
afterEach(() => state.close());

/** The clock is a minute ahead, so that every file has a stamp. */
const table = () => {
  const now = () => Date.now() + 60_000;
  return new SecretTable(new CredentialFiles(folder, now), new Versions(), now);
};
const file = (name: string) => join(folder, "credentials/team", `${name}.yaml`);
const content = (name: string, key = `APID${name}`) => ({
  namespace: "team",
  name,
  owner: { kind: "Application", namespace: "team", name: "a", uid: "uid-a" } as const,
  applicationId: "app-00000000",
  apiAppKey: key,
  apiAppSecret: Secret.of("generated-secret"),
});

/** A process that writes these credentials files, and ends in order. */
async function processWith(...names: readonly string[]): Promise<void> {
  const secrets = table();
  for (const name of names) secrets.create(content(name));
  secrets.remember(new RememberedFiles(state, "p"));
  await state.commit();
}

/** Another content of what is remembered, which no file has: it is there if a file was not read. */
async function changeRemembered(change: (record: string) => string): Promise<void> {
  state.write("credentials/team", change(state.record("credentials/team") ?? ""));
  await state.commit();
}
const marked = () => changeRemembered((record) => record.replaceAll("APID", "remembered-"));

/** The keys in the Secrets of the next process, by name, and what it remembers when it ends. */
async function nextProcess(program = "p"): Promise<Readonly<Record<string, string | undefined>>> {
  const secrets = table();
  const remembered = new RememberedFiles(state, program);
  await secrets.loadRemembered(remembered);
  const keys = [...secrets.collection.values()].map(({ metadata, data }) => [
    metadata.name,
    data.get("ApiAppKey")?.reveal(),
  ]);
  secrets.remember(remembered);
  await state.commit();
  return Object.fromEntries(keys);
}

test("a file that has not changed is not read", async () => {
  await processWith("a", "b");
  await marked();
  expect(await nextProcess()).toEqual({ a: "remembered-a", b: "remembered-b" });
});

test("a file that was changed while no process ran is read, and remembered as it is now", async () => {
  await processWith("a", "b");
  await marked();
  await writeFile(file("a"), (await readFile(file("a"), "utf8")).replace("APIDa", "APIDx"));
  expect(await nextProcess()).toEqual({ a: "APIDx", b: "remembered-b" });
  await rm(file("b"));
  expect(await nextProcess()).toEqual({ a: "APIDx" });
});

test("a file that was removed while no process ran is not there, and its key pair is forgotten", async () => {
  await processWith("a", "b");
  await rm(file("a"));
  expect(await nextProcess()).toEqual({ b: "APIDb" });
  expect(state.record("credentials/team")).not.toContain("APIDa");
  await rm(file("b"));
  expect(await nextProcess()).toEqual({});
  expect(state.record("credentials/team")).toBeUndefined();
});

test("files are read under another program, which remembers them for itself", async () => {
  await processWith("a");
  await marked();
  expect(await nextProcess("q")).toEqual({ a: "APIDa" });
  await marked();
  expect(await nextProcess("q")).toEqual({ a: "remembered-a" });
});

test("files are read where what is remembered of them is unusual", async () => {
  const changes: readonly ((record: string) => string)[] = [
    (record) => record.slice(0, -3),
    () => "p\n{}",
    () => 'p\n[null,[],["a"]]',
    (record) => record.replace('"kind":"Secret"', '"kind":"Other"'),
    (record) => record.replace('"name":"a"', '"name":"b"'),
  ];
  for (const change of changes) {
    await rm(file("a"), { force: true });
    await processWith("a");
    await marked();
    await changeRemembered(change);
    expect(await nextProcess()).toEqual({ a: "APIDa" });
  }
});

test("every Secret is remembered as it is", () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ unit: "binary" }), fc.string(), (key, secret, label) => {
      const manifest = {
        kind: "Secret",
        metadata: { name: "a", namespace: "team", labels: { l: label }, ownerReferences: [] },
        type: "t",
        stringData: { ApiAppKey: key, ApiAppSecret: secret },
      };
      const read = readManifest(manifest, "team/a");
      const json = read && JSON.parse(JSON.stringify(manifestOf(read)));
      const again = readManifest(json, "team/a");
      const values = (one: typeof read) =>
        one && [...one.data].map(([name, value]) => [name, value.reveal()]);
      expect(again && { ...again, data: values(again) }).toEqual(read && { ...read, data: values(read) });
      expect(again).toBeDefined();
    }),
  );
});

test("a store remembers the files when it is stopped, and only a store of a known program does", async () => {
  const directory = join(folder, "yaml");
  await mkdir(directory);
  for (const program of [undefined, "p"]) {
    const stateDirectory = join(folder, `state-${program}`);
    const stop = new AbortController();
    const store = new FilesStore({ directory, stateDirectory, ...(program ? { program } : {}) });
    await store.start(stop.signal);
    await store.createCredentials(content("a"));
    stop.abort();
    const after = new StateDirectory(stateDirectory);
    after.open();
    expect(after.record("credentials/team")?.includes("APIDa")).toBe(program && true);
    after.close();
  }
});
