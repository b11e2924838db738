import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FilesStore } from "../../../../src/store/files/filesStore.ts";
import { describeStore, type Manifest } from "../../../store/behaviour.ts";
import { temporaryFolder } from "../../../support/temporaryFolder.ts";

describeStore("files", async () => {
  const folder = await temporaryFolder("files");
  const directory = join(folder, "yaml");
  await mkdir(directory);
  const start = async () => {
    const controller = new AbortController();
    const stateDirectory = join(folder, "state");
    const store = new FilesStore({ directory, stateDirectory, graceMs: 20 });
    await store.start(controller.signal);
    return { store, stop: () => controller.abort() };
  };
  const fileOf = ({ kind, metadata }: Manifest) =>
    join(directory, `${kind}.${metadata.namespace ?? ""}.${metadata.name}.json`);
  let running = await start();
  return {
    get store() {
      return running.store;
    },
    apply: async (manifest) => {
      await writeFile(fileOf(manifest), JSON.stringify(manifest));
      await running.store.look();
    },
    remove: async (manifest) => {
      await rm(fileOf(manifest));
      await running.store.look();
    },
    restart: async () => {
      running.stop();
      running = await start();
    },
    stop: async () => {
      running.stop();
    },
  };
});
