import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { dryRun } from "../../../../../src/cli/shared/capture/dryRun.ts";
import { ProjectionIndex } from "../../../../../src/policy/index/projectionIndex.ts";
import { FilesStore } from "../../../../../src/store/files/filesStore.ts";
import { grantManifest, team } from "../../../../support/manifests.ts";
import { changeRecord } from "../../../../support/stateRecords.ts";
import { temporaryFolder } from "../../../../support/temporaryFolder.ts";

const { namespace, host, domain, application } = team("stored");
const withPaths = (...values: readonly string[]) => {
  const paths = values.map((value) => ({ type: "PathPrefix", value }));
  return grantManifest("partners", namespace, host, { apis: [{ name: "orders", hosts: [host], paths }] });
};

describe("a grant with a pattern that an older version took into its state directory", () => {
  let folder: string;
  const at = (...names: string[]) => join(folder, ...names);

  beforeAll(async () => {
    folder = await temporaryFolder("stored");
    await mkdir(at("yaml"));
    const files = { domain, application, grant: withPaths("/orders", "/orders/x") };
    for (const [name, object] of Object.entries(files))
      await writeFile(at("yaml", `${name}.json`), JSON.stringify(object));
    const stop = new AbortController();
    await new FilesStore({ directory: at("yaml"), stateDirectory: at("state") }).start(stop.signal);
    stop.abort();
    // The older version's file and record, which this version would not have made.
    const name = `objects/ApiGrant/${namespace}/partners`;
    changeRecord(at("state"), name, (text) => text.replace("/orders/x", "/orders/*"));
    await writeFile(at("yaml", "grant.json"), JSON.stringify(withPaths("/orders", "/orders/*")));
  });

  const granted = async (state: string) => {
    const index = new ProjectionIndex();
    await dryRun(at("yaml"), at(state), index, new AbortController().signal);
    const found = (path: string) => index.grants.match(host, "release", path, () => true) ?? [];
    return (path: string) => found(path).some((grants) => [...grants.keys()].some((one) => one.isInForce(0)));
  };

  test("keeps granting what it granted before", async () => {
    const isGranted = await granted("state");
    expect(["/orders", "/orders/7", "/orders/*", "/refunds"].map(isGranted)).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  test("is not taken into a state directory that never had it", async () => {
    const isGranted = await granted("empty");
    expect(["/orders", "/orders/*"].map(isGranted)).toEqual([false, false]);
  });
});
