import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findHelm } from "../../test/parts/helm.ts";
import { bundle } from "../bundle.ts";
import { outputOf, ReleaseFailure } from "./command.ts";
import { type FileNames, namesOf, UNFINISHED } from "./fileNames.ts";
import { programSbom } from "./sbom.ts";

/** What is released, and where to. */
export interface Release {
  readonly root: string;
  readonly output: string;
  readonly version: string;
  /** The commit's: it is written into the files, so that the same commit gives the same files. */
  readonly time: Date;
}

/**
 * Makes the files of a release in the folder `output` and returns their names. They are moved there at the end, so that a failed run
 * leaves an earlier release as it is. Throws ReleaseFailure, or PartMissing without Helm.
 */
export async function makeRelease(release: Release, say: (line: string) => void): Promise<FileNames> {
  const names = namesOf(release.version);
  const folder = join(release.output, UNFINISHED);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  try {
    say("the npm package");
    await makePackage(release, folder, names.package);
    say("the chart archive");
    await makeChart(release, folder, names.chart);
    say("the list of packages (SBOM)");
    await writeFile(join(folder, names.sbom), await makeSbom(release));
    await writeFile(
      join(folder, names.sums),
      await checksums(folder, [names.package, names.chart, names.sbom]),
    );
    for (const name of Object.values(names)) await rename(join(folder, name), join(release.output, name));
    return names;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The bundle is made here, since a user's npm may be set to run no scripts, and would pack an old one. */
async function makePackage({ root, version }: Release, folder: string, name: string): Promise<void> {
  await bundle(0);
  const args = ["pack", "--ignore-scripts", "--dry-run=false", "--pack-destination", folder];
  await outputOf("npm", args, { cwd: root, remedy: "install npm 10 or newer" });
  await expectFile(folder, `countersign-${version}.tgz`, name);
}

/** Helm writes each file's time into the archive, which in a clone is the time of the checkout. */
async function makeChart({ root, version, time }: Release, folder: string, name: string): Promise<void> {
  const copy = join(folder, "chart/countersign");
  await cp(join(root, "helm/countersign"), copy, { recursive: true });
  for (const file of await readdir(copy, { recursive: true })) await utimes(join(copy, file), time, time);
  const made = join(folder, "chart/made");
  const args = ["package", copy, "--destination", made];
  await outputOf(await findHelm(), args, { cwd: root, remedy: "read Helm's message about the chart" });
  await expectFile(made, `countersign-${version}.tgz`, join("..", "..", name));
}

/** A version that differs between package.json and Chart.yaml gives a file of another name. */
async function expectFile(folder: string, made: string, name: string): Promise<void> {
  await rename(join(folder, made), join(folder, name)).catch((error: unknown) => {
    throw new ReleaseFailure(`no ${made} was made: give package.json and Chart.yaml one version`, {
      cause: error,
    });
  });
}

/** By the lockfile alone, so that it does not depend on what is installed. */
async function makeSbom({ root, time }: Release): Promise<string> {
  const args = ["sbom", "--sbom-format=cyclonedx", "--sbom-type=application", "--package-lock-only"];
  const printed = await outputOf("npm", args, { cwd: root, remedy: "install npm 10 or newer" });
  return programSbom(printed, JSON.parse(await readFile(join(root, "package.json"), "utf8")), time);
}

/** In the form that `sha256sum --check` reads. */
async function checksums(folder: string, names: readonly string[]): Promise<string> {
  const lines = names.map(async (name) => {
    const digest = createHash("sha256").update(await readFile(join(folder, name)));
    return `${digest.digest("hex")}  ${name}\n`;
  });
  return (await Promise.all(lines)).join("");
}
