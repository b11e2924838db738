import { runNode } from "./child.mjs";
import { installIfNeeded, ROOT } from "./install.mjs";

/**
 * `npm test`: finds or builds the real parts, then runs unit, integration and e2e tests. `--unit` runs the unit tests
 * alone, which need no parts. Other arguments go to jest: `npm test -- test/e2e/quickstart.test.ts` runs one file.
 * COUNTERSIGN_TEST_RESULT names a file for jest's JSON result.
 */
installIfNeeded();
const unitOnly = process.argv[2] === "--unit";
const args = process.argv.slice(unitOnly ? 3 : 2);
const inCheckout = { cwd: ROOT, stdio: ["ignore", "inherit", "inherit"] };
const parts = unitOnly ? 0 : await runNode(["test/parts/prepare.ts"], inCheckout);
process.exit(parts !== 0 ? parts : await runNode(jest(), inCheckout));

/** Two workers on any machine: an integration test mostly waits for its processes, and each of those wants a core at times. */
function jest() {
  const result = process.env.COUNTERSIGN_TEST_RESULT;
  return [
    "--experimental-vm-modules",
    "node_modules/jest/bin/jest.js",
    ...args,
    "--maxWorkers=2",
    ...(result ? ["--json", `--outputFile=${result}`] : []),
    ...(unitOnly ? ["--selectProjects", "unit"] : []),
  ];
}
