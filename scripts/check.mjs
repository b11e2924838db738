import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { installIfNeeded, NODE, ROOT } from "./install.mjs";

/** `npm run check`: everything that is wrong without running the program. One failed check does not hide the next. */
installIfNeeded();
const bin = (name) => `${ROOT}node_modules/.bin/${name}`;
const JEST = [
  "--experimental-vm-modules",
  "--disable-warning=ExperimentalWarning",
  `${ROOT}node_modules/jest/bin/jest.js`,
];
const checks = [
  ["types", bin("tsc"), ["-p", "tsconfig.json"]],
  ["types of the console's pages", bin("tsc"), ["-p", "console/tsconfig.json"]],
  ["lint and format", bin("biome"), ["check", "--error-on-warnings"]],
  ["import rules", NODE, [...JEST, "test/unit/architecture", "--silent", "--selectProjects", "unit"]],
  [
    "unused code",
    NODE,
    [`${ROOT}node_modules/knip/bin/knip.js`, "--no-progress", "--treat-config-hints-as-errors"],
  ],
  ["words", NODE, ["--disable-warning=ExperimentalWarning", "scripts/words.ts"]],
  ["generated files", NODE, ["--disable-warning=ExperimentalWarning", "scripts/generate.ts", "--check"]],
];
const failed = checks.filter(([name, command, args]) => !passes(name, command, args)).map(([name]) => name);
if (/"resolved":/.test(readFileSync(`${ROOT}package-lock.json`, "utf8"))) {
  process.stderr.write(
    'package-lock.json records download addresses: run "npm install" with the .npmrc of this project.\n',
  );
  failed.push("lockfile");
}
process.stderr.write(failed.length === 0 ? "check: all fine\n" : `check: failed: ${failed.join(", ")}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;

function passes(name, command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (status !== 0) process.stderr.write(`--- ${name}\n${stdout}${stderr}\n`);
  return status === 0;
}
