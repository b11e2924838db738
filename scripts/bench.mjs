import { existsSync, readdirSync } from "node:fs";
import { projectFile, runNode } from "./child.mjs";
import { installIfNeeded, ROOT } from "./install.mjs";

/** `npm run bench -- NAME`: runs one of bench/; figures are ratios within one run, since machines are shared and noisy. */
installIfNeeded();
const [name, ...args] = process.argv.slice(2);
const names = readdirSync(`${ROOT}bench`)
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.replace(/\.ts$/, ""));
if (!name || !existsSync(`${ROOT}bench/${name}.ts`)) {
  process.stderr.write(`npm run bench -- NAME, where NAME is one of: ${names.join(", ")}\n`);
  process.exit(2);
}
process.exitCode = await runNode([projectFile(`bench/${name}.ts`), ...args]);
process.exit();
