import { projectFile, runNode } from "./child.mjs";
import { installIfNeeded } from "./install.mjs";

/**
 * Runs one of the project's TypeScript programs on the project's own Node, installing first if needed:
 * `node scripts/run.mjs src/cli/main.ts ARGS…`. Exit status and signals are the program's.
 */
installIfNeeded();
const [program, ...args] = process.argv.slice(2);
process.exitCode = await runNode([projectFile(program), ...args]);
process.exit();
