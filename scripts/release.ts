import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { PartMissing } from "../test/parts/cache.ts";
import { makeRelease } from "./release/artifacts.ts";
import { ReleaseFailure } from "./release/command.ts";
import { factsOf } from "./release/facts.ts";
import { namesOf } from "./release/fileNames.ts";
import { problemsOf } from "./release/problems.ts";

/** `npm run release`: the files of a release from the commit that is checked out, after checks that it can be one. */
const HELP = `Usage: npm run release -- [options]

Makes the files of a release, if versions and CHANGELOG.md agree and all files are committed:
the npm package, the chart archive, a list of the program's packages (SBOM, CycloneDX JSON), and SHA256SUMS.
Prints the path of each file on standard output. The same commit gives the same files with the same npm and Helm.

Options:
  --output DIR  where to write them (default: release)
  --dry-run     checks everything and prints what would be made; makes nothing
  --snapshot    makes the files although a check failed, to try them; do not publish them
  --help        prints this text

Exit status: 0 made, or could be made; 1 a check failed, or a tool did; 2 wrong arguments.
`;
const ROOT = fileURLToPath(new URL("..", import.meta.url));

process.exitCode = await release(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof ReleaseFailure || error instanceof PartMissing)) throw error;
  return fail(1, error.message);
});

async function release(args: readonly string[]): Promise<number> {
  const flags = flagsOf(args);
  if (typeof flags === "string") return fail(2, `${flags}; see npm run release -- --help`);
  if (flags.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const output = resolve(ROOT, flags.output);
  const facts = await factsOf(ROOT, output);
  const problems = problemsOf(facts);
  for (const problem of problems) fail(1, flags.snapshot ? `ignored: ${problem}` : problem);
  if (problems.length > 0 && !flags.snapshot) return 1;
  const { version, commit } = facts;
  process.stderr.write(
    `release: countersign ${version} of ${commit ? `commit ${commit.id}` : "no commit"}\n`,
  );
  const make = { root: ROOT, output, version, time: commit?.time ?? new Date() };
  const say = (line: string) => process.stderr.write(`release: making ${line} …\n`);
  const names = flags["dry-run"] ? namesOf(version) : await makeRelease(make, say);
  for (const name of Object.values(names)) process.stdout.write(`${join(flags.output, name)}\n`);
  return 0;
}

/** The flags, or what is wrong with the arguments. */
function flagsOf(args: readonly string[]) {
  const options = {
    output: { type: "string", default: "release" },
    "dry-run": { type: "boolean", default: false },
    snapshot: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  } as const;
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function fail(status: number, message: string): number {
  process.stderr.write(`release: ${message}\n`);
  return status;
}
