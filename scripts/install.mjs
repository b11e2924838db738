import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The checkout's root. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** The Node that the project is pinned to; the machine's own may be older than the sources need. */
export const NODE = `${ROOT}node_modules/.bin/node`;

/**
 * Installs the locked dependencies when they are missing or older than the lockfile. Runs on whatever Node the machine
 * has, so it uses nothing newer than Node 18. All it prints goes to standard error: standard output is the program's.
 */
export function installIfNeeded() {
  if (isCurrent()) return;
  process.stderr.write("Installing dependencies …\n");
  const { status } = spawnSync("npm", ["ci", "--no-fund", "--no-audit", "--loglevel=error"], {
    cwd: ROOT,
    stdio: ["ignore", 2, 2],
  });
  if (status === 0) return;
  process.stderr.write(
    "npm ci failed: check that the npm registry can be reached, then run the command again.\n",
  );
  process.exit(status ?? 1);
}

/** npm keeps a copy of what it installed; it lists every locked package once the installation has finished. */
function isCurrent() {
  const installed = `${ROOT}node_modules/.package-lock.json`;
  if (!existsSync(installed) || !existsSync(NODE)) return false;
  const have = JSON.parse(readFileSync(installed, "utf8")).packages;
  const want = JSON.parse(readFileSync(`${ROOT}package-lock.json`, "utf8")).packages;
  return Object.keys(want).every(
    (path) => path === "" || want[path].optional === true || have[path]?.version === want[path].version,
  );
}
