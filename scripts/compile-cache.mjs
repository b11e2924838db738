import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * `node compile-cache.mjs PROGRAM FOLDER [USER]`: fills FOLDER with the code that V8 compiles when `PROGRAM verifier` starts, for
 * NODE_COMPILE_CACHE: a start takes 0.1 s less. The verifier runs until it has failed to reach a cluster that does not
 * exist. Node keeps a folder for each user id, and one that was filled by root is for USER, by number, afterwards. Everybody may read
 * it. Runs while the image is built, without a shell.
 */
const [program, folder, user] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const kubeconfig = `${folder}.kubeconfig`;
const cluster = { name: "none", cluster: { server: "https://127.0.0.1:1" } };
const context = { name: "none", context: { cluster: "none", user: "none" } };
const users = [{ name: "none", user: { token: "none" } }];
const config = { "current-context": "none", clusters: [cluster], contexts: [context], users };
writeFileSync(kubeconfig, JSON.stringify({ apiVersion: "v1", kind: "Config", ...config }));

const ports = ["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0", "--drain", "0s"];
const { NODE_DISABLE_COMPILE_CACHE: _, ...variables } = process.env;
const verifier = spawn(process.execPath, [program, "verifier", ...ports, "--kubeconfig", kubeconfig], {
  env: { ...variables, NODE_COMPILE_CACHE: folder },
});
let output = "";
for (const stream of [verifier.stdout, verifier.stderr])
  stream.on("data", (text) => {
    output += text;
    // Once: a second signal ends it before its cache is written.
    if (!verifier.killed && output.includes("rejoining the cluster")) verifier.kill("SIGTERM");
  });
verifier.on("close", (status) => {
  rmSync(kubeconfig);
  if (status !== 0) throw new Error(`the verifier ended with ${status}: ${output}`);
  const [name, ...others] = readdirSync(folder);
  if (name === undefined || others.length > 0) throw new Error(`${folder} holds not one folder`);
  const placed = user === undefined ? name : name.replace(/-\d+$/, `-${user}`);
  renameSync(join(folder, name), join(folder, placed));
  chmodSync(join(folder, placed), 0o755);
  for (const file of readdirSync(join(folder, placed))) chmodSync(join(folder, placed, file), 0o644);
});
