import { spawnSync } from "node:child_process";
import { installIfNeeded, NODE, ROOT } from "./install.mjs";

/**
 * `npm test`: finds or builds the real parts, then runs unit, integration and e2e tests. `--unit` runs the unit tests
 * alone, which need no parts. Other arguments go to jest; COUNTERSIGN_TEST_RESULT names a file for jest's JSON result.
 */
installIfNeeded();
const args = process.argv.slice(2);
const unitOnly = args[0] === "--unit";
const node = (nodeArgs) =>
  spawnSync(NODE, ["--disable-warning=ExperimentalWarning", ...nodeArgs], {
    cwd: ROOT,
    stdio: ["ignore", "inherit", "inherit"],
  }).status ?? 1;
const parts = unitOnly ? 0 : node(["test/parts/prepare.ts"]);
if (parts !== 0) process.exit(parts);
const result = process.env.COUNTERSIGN_TEST_RESULT;
process.exitCode = node([
  "--experimental-vm-modules",
  "node_modules/jest/bin/jest.js",
  ...(unitOnly ? ["--selectProjects", "unit", ...args.slice(1)] : ["--maxWorkers=2", ...args]),
  ...(result ? ["--json", `--outputFile=${result}`] : []),
]);
