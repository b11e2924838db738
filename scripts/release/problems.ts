import { sectionsOf } from "./changelog.ts";

/** A place that has to name the version of package.json. */
export interface VersionPlace {
  readonly file: string;
  /** What in the file holds the version, such as `appVersion`. */
  readonly field: string;
  /** Undefined: the place holds no version. */
  readonly version: string | undefined;
  /** How to set it, where editing is not the way. */
  readonly remedy?: string;
}

/** The commit that is checked out. */
export interface Commit {
  readonly id: string;
  readonly time: Date;
  /** Files that differ from it, as `git status` lists them; ignored files do not count. */
  readonly changed: readonly string[];
}

/** Everything that decides whether a release can be made. */
export interface ReleaseFacts {
  /** Of package.json. */
  readonly version: string;
  readonly places: readonly VersionPlace[];
  /** The text of CHANGELOG.md. */
  readonly changelog: string;
  /** Undefined: this is no git checkout. */
  readonly commit: Commit | undefined;
  /** The output folder, and the names in it that are not files of this release. */
  readonly output: string;
  readonly otherFiles: readonly string[];
}

/** How many files a problem lists. */
const LISTED = 5;

/** Why no release can be made, each with its remedy; empty if one can. */
export function problemsOf(facts: ReleaseFacts): readonly string[] {
  return [
    ...placeProblems(facts.version, facts.places),
    ...changelogProblems(facts.version, facts.changelog),
    ...commitProblems(facts.commit),
    ...outputProblems(facts),
  ];
}

/** The places that do not name the version. */
export function placeProblems(version: string, places: readonly VersionPlace[]): readonly string[] {
  return places
    .filter((place) => place.version !== version)
    .map(({ file, field, version: found, remedy }) => {
      const state = found === undefined ? "is missing" : `is ${found}`;
      return `${file}: ${field} ${state}, but the version in package.json is ${version}: ${remedy ?? `set it to ${version}`}`;
    });
}

/** The version has to be the newest section, with entries, and "Unreleased" has to stand above it, empty. */
function changelogProblems(version: string, changelog: string): readonly string[] {
  const [first, ...released] = sectionsOf(changelog);
  if (first?.name !== "Unreleased")
    return ['CHANGELOG.md: the first section is not "Unreleased": add an empty "## Unreleased" above it'];
  const [newest] = released;
  const problems = [];
  if (newest?.name !== version)
    problems.push(
      `CHANGELOG.md: the newest version is ${newest?.name ?? "missing"}, but the version in package.json is ${version}: ` +
        `add "## ${version}" below "Unreleased", with the entries of this release`,
    );
  else if (newest.entries === 0)
    problems.push(`CHANGELOG.md: the section ${version} is empty: describe what users will notice`);
  if (first.entries > 0)
    problems.push(
      `CHANGELOG.md: ${count(first.entries, "entry", "entries")} under "Unreleased": move what this release contains to "## ${version}"`,
    );
  return problems;
}

function commitProblems(commit: Commit | undefined): readonly string[] {
  if (!commit)
    return ["this is not a git checkout: release from a clone, so that the files are those of a commit"];
  const { changed } = commit;
  if (changed.length === 0) return [];
  const what = count(changed.length, "file differs", "files differ");
  return [`${what} from the commit (${listed(changed)}): commit, stash or remove them, see git status`];
}

function outputProblems({ output, otherFiles }: ReleaseFacts): readonly string[] {
  if (otherFiles.length === 0) return [];
  return [
    `${output} also has ${listed(otherFiles)}: remove it, or choose another --output, so that a folder holds one release`,
  ];
}

function listed(names: readonly string[]): string {
  const more = names.length - LISTED;
  return names.slice(0, LISTED).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

function count(number: number, one: string, several: string): string {
  return `${number} ${number === 1 ? one : several}`;
}
