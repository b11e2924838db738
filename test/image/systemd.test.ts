import { chmod, cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "@jest/globals";
import { findSystemdAnalyze } from "../parts/buildah.ts";
import { Program } from "../support/childProcess.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const UNITS = fileURLToPath(new URL("../../packaging/systemd", import.meta.url));
let root: string;
beforeAll(async () => {
  root = await temporaryFolder("units");
  await cp(UNITS, join(root, "etc/systemd/system"), { recursive: true });
  // The units that ours wait for, as far as systemd has them everywhere.
  await cp("/lib/systemd/system", join(root, "lib/systemd/system"), {
    recursive: true,
    verbatimSymlinks: true,
  });
  await mkdir(join(root, "usr/local/bin"), { recursive: true });
  await writeFile(join(root, "usr/local/bin/countersign"), "#!/bin/sh\n");
  await chmod(join(root, "usr/local/bin/countersign"), 0o755);
});

async function analyze(...args: readonly string[]): Promise<[number | string, string]> {
  const program = new Program(await findSystemdAnalyze(), args);
  return [await program.ended, program.output];
}

test.each(["countersign.service", "countersign-verifier@1.service"])(
  "systemd finds nothing wrong with %s",
  async (unit) => {
    const [status, output] = await analyze(
      "verify",
      `--root=${root}`,
      "--man=no",
      "--recursive-errors=no",
      unit,
    );
    expect([status, output]).toEqual([0, ""]);
  },
);

test.each(["countersign.service", "countersign-verifier@1.service"])(
  "systemd rates what %s may reach at 2.5 of 10 or less",
  async (unit) => {
    const offline = ["--offline=yes", `--root=${root}`, "--threshold=25"];
    const [status, output] = await analyze("security", "--no-pager", ...offline, unit);
    expect([status, output]).toEqual([0, expect.stringContaining("Overall exposure level")]);
  },
);
