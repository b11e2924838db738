import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { dryRun } from "../../../../../src/cli/shared/capture/dryRun.ts";
import { ProjectionIndex } from "../../../../../src/policy/index/projectionIndex.ts";
import { temporaryFolder } from "../../../../support/temporaryFolder.ts";

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder("dry-run");
  const yaml = "apiVersion: countersign.dev/v1alpha1\nkind: Application\nmetadata: {name: a}\n";
  await writeFile(join(folder, "a.yaml"), yaml);
});

/** How many Applications a verifier would know. */
async function applicationsAfter(signal: AbortSignal): Promise<number> {
  const index = new ProjectionIndex();
  await dryRun(folder, join(folder, "no-state"), index, signal);
  return index.counts().applications;
}

describe("a run over a directory", () => {
  test("gives the index what a verifier would know of it", async () => {
    expect(await applicationsAfter(new AbortController().signal)).toBe(1);
  });

  test("returns when the signal has aborted, although nothing is reconciled then", async () => {
    expect(await applicationsAfter(AbortSignal.abort())).toBe(0);
  });
});
