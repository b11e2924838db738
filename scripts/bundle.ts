import { chmod, mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { asAscii } from "./ascii.ts";
import { buildPages } from "./consolePages.ts";
import { DOCUMENT_CHECK } from "./documentCheck.ts";
import { bundledPackages, noticesOf } from "./notices.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FOLDER = join(ROOT, "dist");

/** The program as it is shipped, with its parts in lib beside it: they need nothing but Node. */
export const BUNDLE = join(FOLDER, "countersign.mjs");
const PARTS = join(FOLDER, "lib");

/** Libraries in the older module system ask for Node's own modules by `require`, which an ES module does not have. */
const REQUIRE = `import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);`;

/**
 * `debug`, which client-node's proxy agents load, requires supports-color and works without it. It is installed for the tests alone, so
 * it stays outside: the program contains only what `dependencies` of package.json need.
 */
const LEFT_OUT = ["supports-color"];

/**
 * client-node's reader of kubeconfig files takes two functions from the index of its generated clients, for clients that the program does
 * not make: a verifier would load all of them with it, in 40 ms. A later version that takes more fails the build.
 */
const GENERATED_CLIENTS = `
export const createConfiguration = undefined;
export const ServerConfiguration = undefined;
`;

/**
 * Of undici, the program and that reader use the pool and the agents. The rest, which its index loads too (fetch, WebSocket, caches, mocks),
 * is 0.4 MB of text, which V8 keeps in memory, and with those clients eighty modules of a start. Whatever else is imported of it fails the build.
 */
const UNDICI = `
import Dispatcher from "./lib/dispatcher/dispatcher.js";
import Agent from "./lib/dispatcher/agent.js";
import Pool from "./lib/dispatcher/pool.js";
import ProxyAgent from "./lib/dispatcher/proxy-agent.js";
import api from "./lib/api/index.js";
Object.assign(Dispatcher.prototype, api);
export { Agent, Pool, ProxyAgent };
`;

/**
 * An `import` of node:http reads each of its properties, WebSocket too, for which Node loads its own copy of undici: 30 ms of a start (Node
 * 24.21). The module itself, without an `import`, loads it when it is asked for.
 */
const HTTP = `module.exports = process.getBuiltinModule("node:http");`;

const IMPORT_OF_HTTP: Plugin = {
  name: "node:http as a whole",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?http$/ }, ({ kind }) =>
      kind === "import-statement" ? { path: "http", namespace: "built-in" } : undefined,
    );
    onLoad({ filter: /^http$/, namespace: "built-in" }, () => ({ contents: HTTP }));
  },
};

/** Libraries without the parts that the program does not use, where an index would load them. */
const PARTS_OF_LIBRARIES: Plugin = {
  name: "parts of libraries",
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]client-node[/\\]dist[/\\]gen[/\\]index\.js$/ }, () => ({
      contents: GENERATED_CLIENTS,
    }));
    onLoad({ filter: /[/\\]node_modules[/\\]undici[/\\]index\.js$/ }, ({ path }) => ({
      contents: UNDICI,
      resolveDir: dirname(path),
    }));
  },
};

/**
 * Makes dist/ from src/ and console/: the bundle, the pages of the console, and the licences of all that is in them. Names are kept and
 * lines are short, so that a stack trace can be read. White space and comments are not: V8 keeps the whole text in memory, and with two
 * bytes for each character if one of them is not ASCII. That was 12.5 MB; it is 4.4 MB now.
 *
 * It is in parts, of which a command loads its own: 1.9 MB for a verifier, which holds 7 MiB less than with one file, and 0.1 MB for
 * `version`, which takes 40 ms and not 140 (Node 24.21, without a compile cache). A part's name has a hash of what is in it and in the parts
 * that it loads. Each file is moved into place at once, the program last, and parts of other builds stay for `keepOthersMs` milliseconds: a
 * program that starts or runs meanwhile, or another build, never sees half of one. Returns the size of the program in bytes. Throws
 * what esbuild found wrong.
 */
export async function bundle(keepOthersMs = 3_600_000): Promise<number> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: { countersign: "src/cli/main.ts" },
    outdir: FOLDER,
    outExtension: { ".js": ".mjs" },
    chunkNames: "lib/[name]-[hash]",
    bundle: true,
    splitting: true,
    platform: "node",
    target: "node22.19",
    format: "esm",
    banner: { js: REQUIRE },
    external: LEFT_OUT,
    plugins: [PARTS_OF_LIBRARIES, IMPORT_OF_HTTP, DOCUMENT_CHECK],
    legalComments: "inline",
    minifyWhitespace: true,
    lineLimit: 120,
    metafile: true,
    write: false,
    logLevel: "warning",
  });
  await mkdir(PARTS, { recursive: true });
  const inPages = (await buildPages()).map((file) => relative(ROOT, file));
  const notices = await noticesOf(bundledPackages([...Object.keys(metafile.inputs), ...inPages]), ROOT);
  await writeFile(join(FOLDER, "THIRD-PARTY-NOTICES.txt"), notices);
  const files = new Map(outputFiles.map(({ path, text }) => [path, asAscii(text)]));
  const program = files.get(BUNDLE);
  if (program === undefined) throw new Error(`esbuild made no ${BUNDLE}`);
  for (const [path, text] of files) if (path !== BUNDLE) await place(path, text);
  await place(BUNDLE, program);
  await removeOthers(files, keepOthersMs);
  return [...files.values()].reduce((sum, text) => sum + text.length, 0);
}

async function place(path: string, contents: string): Promise<void> {
  const unfinished = join(FOLDER, `${basename(path)}.${process.pid}`);
  try {
    await writeFile(unfinished, contents);
    if (path === BUNDLE) await chmod(unfinished, 0o755);
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
}

/** Removes the parts that are not among these files and have not been made lately. */
async function removeOthers(files: ReadonlyMap<string, string>, keepMs: number): Promise<void> {
  for (const name of await readdir(PARTS)) {
    const path = join(PARTS, name);
    if (files.has(path)) continue;
    // Another build may have removed it by now.
    const found = await stat(path).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs >= keepMs) await rm(path, { force: true });
  }
}
