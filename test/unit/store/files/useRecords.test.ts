import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "@jest/globals";
import { FilesStore } from "../../../../src/store/files/filesStore.ts";
import { temporaryFolder } from "../../../support/temporaryFolder.ts";

const SINCE = Date.parse("2026-01-01T00:00:00Z");
let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder("uses");
  await mkdir(join(folder, "yaml"));
});

async function withStore<T>(uses: (() => string) | undefined, work: (store: FilesStore) => Promise<T>) {
  const ended = new AbortController();
  const parts = { directory: join(folder, "yaml"), stateDirectory: join(folder, "state") };
  const sink = { replace: () => {}, upsert: () => {}, remove: () => {}, bookmark: () => {} };
  const store = new FilesStore({ ...parts, sink, ...(uses ? { uses } : {}) });
  await store.start(ended.signal);
  try {
    return await work(store);
  } finally {
    ended.abort();
  }
}

const write = (store: FilesStore) => store.writeUseRecord({ since: SINCE, until: SINCE });
const read = (store: FilesStore) => store.readUseRecord();

test("standalone continues its record after a restart: no request was allowed meanwhile", async () => {
  await withStore(() => "{}", write);
  const before = Date.now();
  const found = await withStore(() => "{}", read);
  expect(found?.since).toBe(SINCE);
  expect(found?.until).toBeGreaterThanOrEqual(before);
});

test("standalone without last use ends the record: requests are allowed that it does not see", async () => {
  await withStore(() => "{}", write);
  await withStore(undefined, async () => {});
  expect(await withStore(() => "{}", read)).toBeUndefined();
});

test("the verifier of standalone reports its uses if it records them", async () => {
  const listed = (store: FilesStore) => store.listVerifiers();
  expect(await withStore(() => '{"2026-01-01":{}}', listed)).toMatchObject([{ use: '{"2026-01-01":{}}' }]);
  expect((await withStore(undefined, listed))[0]).not.toHaveProperty("use");
});
