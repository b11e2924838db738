import { rm } from "node:fs/promises";
import { TestEnvironment } from "jest-environment-node";
import { type FolderHolder, TEMPORARY_FOLDERS } from "./temporaryFolder.ts";

/** Node's environment, which removes the temporary folders of a test file after its last hook, whether its tests passed or not. */
export default class Environment extends TestEnvironment {
  override async teardown(): Promise<void> {
    for (const folder of (this.global as FolderHolder)[TEMPORARY_FOLDERS] ?? [])
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    await super.teardown();
  }
}
