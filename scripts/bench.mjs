import { projectFile, runNode } from "./child.mjs";
import { installIfNeeded } from "./install.mjs";

/** `npm run bench -- …`: measures the program beside a reference; `--help` has the parts and options. */
installIfNeeded();
process.exitCode = await runNode([projectFile("bench/main.ts"), ...process.argv.slice(2)]);
process.exit();
