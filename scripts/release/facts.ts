import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { outputOf } from "./command.ts";
import { type FileNames, namesOf, UNFINISHED } from "./fileNames.ts";
import type { Commit, ReleaseFacts, VersionPlace } from "./problems.ts";

/** Files that name an image tag, and how each gets the right one. */
const TAGGED: readonly (readonly [file: string, remedy?: string])[] = [
  ["README.md"],
  ["README.zh-CN.md"],
  ["Dockerfile"],
  ["docs/installation.md"],
  ["manifests/base/operator.yaml", "run npm run manifests"],
  ["manifests/base/verifier.yaml", "run npm run manifests"],
];

/** Reads all that decides whether a release of this checkout can be made into the folder `output`. */
export async function factsOf(root: string, output: string): Promise<ReleaseFacts> {
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const [places, changelog, commit, otherFiles] = await Promise.all([
    versionPlaces(root),
    readFile(join(root, "CHANGELOG.md"), "utf8"),
    commitOf(root),
    otherFilesIn(output, namesOf(version)),
  ]);
  return { version, places, changelog, commit, output, otherFiles };
}

/** Every place beside package.json that names the version. The first tag of a file that differs from its others stands for the file. */
export async function versionPlaces(root: string): Promise<readonly VersionPlace[]> {
  const read = (file: string) => readFile(join(root, file), "utf8");
  const lock = JSON.parse(await read("package-lock.json"));
  const chart = parse(await read(CHART));
  const remedy = "run npm install --package-lock-only";
  return [
    { file: "package-lock.json", field: "version", version: lock.version, remedy },
    {
      file: "package-lock.json",
      field: 'packages[""].version',
      version: lock.packages?.[""]?.version,
      remedy,
    },
    { file: CHART, field: "version", version: chart.version },
    { file: CHART, field: "appVersion", version: chart.appVersion },
    ...(await Promise.all(TAGGED.map(async ([file, how]) => tagsOf(file, await read(file), how)))).flat(),
  ];
}

const CHART = "helm/countersign/Chart.yaml";

/** The image tags of a page, each version once. */
function tagsOf(file: string, text: string, remedy?: string): readonly VersionPlace[] {
  const tags = [...text.matchAll(/(?:\bcountersign:|\bnewTag: )(\d+\.\d+\.\d+[\w.-]*)/g)].map(
    ([, tag]) => tag,
  );
  const how = remedy === undefined ? {} : { remedy };
  return [...new Set(tags.length > 0 ? tags : [undefined])].map((version) => ({
    file,
    field: "the image tag",
    version,
    ...how,
  }));
}

async function commitOf(root: string): Promise<Commit | undefined> {
  const git = (...args: string[]) => outputOf("git", args, { cwd: root, remedy: "install git" });
  try {
    const [id = "", seconds] = (await git("log", "-1", "--format=%h %ct")).trim().split(" ");
    const status = await git("status", "--porcelain");
    const changed = status.split("\n").flatMap((line) => (line === "" ? [] : [line.slice(3)]));
    return { id, time: new Date(Number(seconds) * 1_000), changed };
  } catch {
    return undefined;
  }
}

async function otherFilesIn(output: string, names: FileNames): Promise<readonly string[]> {
  const ours = new Set<string>([...Object.values(names), UNFINISHED]);
  const found = await readdir(output).catch(() => []);
  return found.filter((name) => !ours.has(name)).sort();
}
