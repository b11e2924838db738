import { projectFile, runNode } from "./child.mjs";
import { installIfNeeded } from "./install.mjs";

/** `npm run bench -- …`: measures the program beside a reference; `--help` has the parts and options. */
installIfNeeded();
const [first, ...rest] = process.argv.slice(2);
const OWN = ["badpeer", "console"];
const program = OWN.includes(first) ? [`bench/${first}.ts`, rest] : ["bench/main.ts", process.argv.slice(2)];
process.exitCode = await runNode([projectFile(program[0]), ...program[1]]);
process.exit();
