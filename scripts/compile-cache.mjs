import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * `node compile-cache.mjs PROGRAM FOLDER [USER]`: fills FOLDER with the code that V8 compiles when PROGRAM starts as verifier, standalone
 * and operator, for NODE_COMPILE_CACHE: a start takes 0.1 s less. The verifier runs until it has failed to reach a cluster that does not
 * exist, the operator until it is about to try, and standalone until it serves a small directory. Node keeps a folder for each user id,
 * and one that was filled by root is for USER, by number, afterwards. Everybody may read it. Runs while the image is built, without a shell.
 */
const [program, folder, user] = process.argv.slice(2);
const scratch = `${folder}.scratch`;
const directory = join(scratch, "directory");
for (const one of [folder, directory]) mkdirSync(one, { recursive: true });

const kubeconfig = join(scratch, "kubeconfig");
const cluster = { name: "none", cluster: { server: "https://127.0.0.1:1" } };
const context = { name: "none", context: { cluster: "none", user: "none" } };
const users = [{ name: "none", user: { token: "none" } }];
const config = { "current-context": "none", clusters: [cluster], contexts: [context], users };
writeFileSync(kubeconfig, JSON.stringify({ apiVersion: "v1", kind: "Config", ...config }));

const hosts = ["api.example.com"];
const environments = [{ name: "release", pathPrefix: "/" }];
const apis = [{ name: "all", hosts, paths: [{ type: "PathPrefix", value: "/" }] }];
const objects = [
  ["ApiDomain", { name: "example" }, { hosts, namespaces: { names: ["example"] }, environments }],
  ["Application", { name: "caller", namespace: "example" }, { displayName: "A caller" }],
  [
    "ApiGrant",
    { name: "all", namespace: "example" },
    { environment: "release", apis, applications: [{ name: "caller" }] },
  ],
];
for (const [kind, metadata, spec] of objects)
  writeFileSync(
    join(directory, `${kind}.json`),
    JSON.stringify({ apiVersion: "countersign.dev/v1alpha1", kind, metadata, spec }),
  );

const { NODE_DISABLE_COMPILE_CACHE: _, ...variables } = process.env;

/** A start takes a second; the machine that builds the image may be slow. */
const LIMIT_MS = 120_000;

/** Runs a command until its output has the text, and ends it. Resolves when it has ended, with its cache written. */
async function fill(command, args, text) {
  const child = spawn(process.execPath, [program, command, "--metrics-listen", "127.0.0.1:0", ...args], {
    env: { ...variables, NODE_COMPILE_CACHE: folder },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (data) => {
      output += data;
      // Once: a second signal ends it before its cache is written.
      if (!child.killed && output.includes(text)) child.kill("SIGTERM");
    });
  const limit = setTimeout(() => child.kill("SIGKILL"), LIMIT_MS);
  const [status, signal] = await once(child, "close");
  clearTimeout(limit);
  if (status !== 0)
    throw new Error(
      `the ${command} was to end with 0 after "${text}", and ended with ${status ?? signal}: ${output}`,
    );
}

const port = ["--listen", "127.0.0.1:0", "--drain", "0s"];
try {
  await fill("verifier", [...port, "--kubeconfig", kubeconfig], "rejoining the cluster");
  await fill("standalone", [directory, ...port, "--state-dir", join(scratch, "state")], "ready  ");
  await fill("operator", ["--kubeconfig", kubeconfig], "waiting for the leader Lease");
} finally {
  rmSync(scratch, { recursive: true });
}

const [name, ...others] = readdirSync(folder);
if (name === undefined || others.length > 0) throw new Error(`${folder} holds not one folder`);
const placed = user === undefined ? name : name.replace(/-\d+$/, `-${user}`);
renameSync(join(folder, name), join(folder, placed));
chmodSync(join(folder, placed), 0o755);
for (const file of readdirSync(join(folder, placed))) chmodSync(join(folder, placed, file), 0o644);
