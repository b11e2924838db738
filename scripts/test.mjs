import { runNode } from "./child.mjs";
import { installIfNeeded, ROOT } from "./install.mjs";
import { inTempRoot } from "./tempRoot.mjs";

/**
 * `npm test`: finds or builds the real parts, then runs the tests. Each suite is a script of package.json and names its
 * projects of jest.config.js; test/parts/prepare.ts knows the parts that each needs. Other arguments go to jest:
 * `npm test -- test/e2e/quickstart.test.ts` runs one file. COUNTERSIGN_TEST_RESULT names a file for jest's JSON result. A run whose tests
 * pass fails nevertheless if it leaves temporary files behind.
 */
const SUITES = {
  "--all": ["unit", "integration", "e2e"],
  "--unit": ["unit"],
  "--chart": ["chart"],
  "--image": ["image"],
  "--cluster": ["cluster"],
  "--console": ["console"],
};

installIfNeeded();
const suite = process.argv[2] in SUITES ? process.argv[2] : "--all";
const args = process.argv.slice(suite === process.argv[2] ? 3 : 2);
const inCheckout = { cwd: ROOT, stdio: ["ignore", "inherit", "inherit"] };
const parts = await runNode(["test/parts/prepare.ts", suite.replace("--", "")], inCheckout);
process.exit(parts !== 0 ? parts : await inTempRoot(runJest));

/** npm, which some tests start, would leave Node's compile cache in TMPDIR. */
function runJest(variables) {
  return runNode(jest(), { ...inCheckout, env: { ...variables, NODE_DISABLE_COMPILE_CACHE: "1" } });
}

/** Two workers on any machine: an integration test mostly waits for its processes, and each of those wants a core at times. */
function jest() {
  const result = process.env.COUNTERSIGN_TEST_RESULT;
  return [
    "--experimental-vm-modules",
    "node_modules/jest/bin/jest.js",
    ...args,
    "--maxWorkers=2",
    ...(result ? ["--json", `--outputFile=${result}`] : []),
    ...["--selectProjects", ...SUITES[suite]],
  ];
}
