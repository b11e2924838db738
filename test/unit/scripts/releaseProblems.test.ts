import { spawnSync } from "node:child_process";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { factsOf, versionPlaces } from "../../../scripts/release/facts.ts";
import { placeProblems, problemsOf, type ReleaseFacts } from "../../../scripts/release/problems.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const READY: ReleaseFacts = {
  version: "0.3.0",
  places: [{ file: "Chart.yaml", field: "version", version: "0.3.0" }],
  changelog: "# Changelog\n\n## Unreleased\n\n## 0.3.0 (2026-12-01)\n- One.\n\n## 0.2.0\n- Two.\n",
  commit: { id: "abc1234", time: new Date(0), changed: [] },
  output: "release",
  otherFiles: [],
};
const place = { file: "Chart.yaml", field: "appVersion" };

test("a release can be made when versions and changelog agree, all is committed, and the folder holds nothing else", () => {
  expect(problemsOf(READY)).toEqual([]);
});

describe("no release is made", () => {
  const cases: Record<string, [Partial<ReleaseFacts>, string]> = {
    "when a place has another version": [
      { places: [{ ...place, version: "0.2.0" }] },
      "Chart.yaml: appVersion is 0.2.0, but the version in package.json is 0.3.0: set it to 0.3.0",
    ],
    "when a place has no version": [
      { places: [{ ...place, version: undefined, remedy: "run npm run manifests" }] },
      "Chart.yaml: appVersion is missing, but the version in package.json is 0.3.0: run npm run manifests",
    ],
    "when the changelog has no section of the version": [
      { changelog: "## Unreleased\n\n## 0.2.0\n- Two.\n" },
      'CHANGELOG.md: the newest version is 0.2.0, but the version in package.json is 0.3.0: add "## 0.3.0" below "Unreleased", with the entries of this release',
    ],
    "when the changelog has no version at all": [
      { changelog: "## Unreleased\n" },
      'CHANGELOG.md: the newest version is missing, but the version in package.json is 0.3.0: add "## 0.3.0" below "Unreleased", with the entries of this release',
    ],
    "when an older version stands above it": [
      { changelog: "## Unreleased\n## 0.2.0\n- Two.\n## 0.3.0\n- One.\n" },
      'CHANGELOG.md: the newest version is 0.2.0, but the version in package.json is 0.3.0: add "## 0.3.0" below "Unreleased", with the entries of this release',
    ],
    "when the version's section is empty": [
      { changelog: "## Unreleased\n## 0.3.0\n\n## 0.2.0\n- Two.\n" },
      "CHANGELOG.md: the section 0.3.0 is empty: describe what users will notice",
    ],
    "when entries are still unreleased": [
      { changelog: "## Unreleased\n- Three.\n\n## 0.3.0\n- One.\n" },
      'CHANGELOG.md: 1 entry under "Unreleased": move what this release contains to "## 0.3.0"',
    ],
    'when "Unreleased" is not the first section': [
      { changelog: "## 0.3.0\n- One.\n" },
      'CHANGELOG.md: the first section is not "Unreleased": add an empty "## Unreleased" above it',
    ],
    "when files are not committed": [
      { commit: { id: "abc1234", time: new Date(0), changed: ["a", "b", "c", "d", "e", "f"] } },
      "6 files differ from the commit (a, b, c, d, e and 1 more): commit, stash or remove them, see git status",
    ],
    "outside a git checkout": [
      { commit: undefined },
      "this is not a git checkout: release from a clone, so that the files are those of a commit",
    ],
    "into a folder that has other files": [
      { otherFiles: ["countersign-0.2.0.tgz"] },
      "release also has countersign-0.2.0.tgz: remove it, or choose another --output, so that a folder holds one release",
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [change, problem]) => {
    expect(problemsOf({ ...READY, ...change })).toEqual([problem]);
  });

  test("and every reason is given at once", () => {
    const all = problemsOf({ ...READY, version: "0.4.0", commit: undefined, otherFiles: ["x"] });
    expect(all).toHaveLength(4);
  });
});

describe("the version of package.json", () => {
  test("is what every other place of this project names", async () => {
    const { version } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
    const places = await versionPlaces(ROOT);
    expect(placeProblems(version, places)).toEqual([]);
    expect(places.map(({ file }) => file)).toEqual(
      expect.arrayContaining(["package-lock.json", "helm/countersign/Chart.yaml", "README.md", "Dockerfile"]),
    );
  });

  const stale: Record<string, [RegExp, string]> = {
    "package-lock.json": [/"version": "[^"]+"/, '"version": "9.9.9"'],
    "helm/countersign/Chart.yaml": [/^appVersion: .*$/m, "appVersion: 9.9.9"],
    "README.md": [/countersign:\d+\.\d+\.\d+/, "countersign:9.9.9"],
    "README.zh-CN.md": [/countersign:\d+\.\d+\.\d+/, "countersign:9.9.9"],
    Dockerfile: [/countersign:\d+\.\d+\.\d+/, "countersign:9.9.9"],
    "docs/installation.md": [/newTag: [^}]+/, "newTag: 9.9.9"],
    "manifests/base/verifier.yaml": [/countersign:\d+\.\d+\.\d+/, "countersign:9.9.9"],
  };
  test.each(Object.entries(stale))("is compared with the one in %s", async (file, [pattern, replacement]) => {
    const root = await copyOfProject();
    const text = await readFile(join(root, file), "utf8");
    await writeFile(join(root, file), text.replace(pattern, replacement));
    const { version, places } = await factsOf(root, join(root, "release"));
    expect(placeProblems(version, places)).toEqual([expect.stringContaining(`${file}: `)]);
    expect(placeProblems(version, places)[0]).toContain("is 9.9.9");
  });
});

test("facts are those of the checkout: commit, files that differ from it, and other files of the output folder", async () => {
  const root = await copyOfProject();
  await mkdir(join(root, "out/.making"), { recursive: true });
  await writeFile(join(root, "out/old.tgz"), "");
  expect(await factsOf(root, join(root, "out"))).toMatchObject({
    commit: undefined,
    otherFiles: ["old.tgz"],
  });
  const git = (...args: string[]) => {
    const user = [
      "-c",
      "user.name=Tests",
      "-c",
      "user.email=tests@example.com",
      "-c",
      "commit.gpgsign=false",
    ];
    expect(spawnSync("git", [...user, ...args], { cwd: root, encoding: "utf8" })).toMatchObject({
      status: 0,
    });
  };
  await writeFile(join(root, ".gitignore"), "/out/\n");
  for (const args of [
    ["init", "-q"],
    ["add", "."],
    ["commit", "-qm", "first"],
  ])
    git(...args);
  const committed = await factsOf(root, join(root, "out"));
  expect(committed.commit).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{7,}$/),
    time: expect.any(Date),
    changed: [],
  });
  await writeFile(join(root, "README.md"), "");
  await writeFile(join(root, "new.txt"), "");
  expect((await factsOf(root, join(root, "out"))).commit?.changed).toEqual(["README.md", "new.txt"]);
});

/** The files that a release is checked by, in a folder of their own. */
async function copyOfProject(): Promise<string> {
  const root = await temporaryFolder("release");
  const files = new Set([
    "package.json",
    "CHANGELOG.md",
    ...(await versionPlaces(ROOT)).map(({ file }) => file),
  ]);
  for (const file of files) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await cp(join(ROOT, file), join(root, file));
  }
  return root;
}
