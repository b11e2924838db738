import { chmod, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { asAscii } from "./ascii.ts";
import { buildPages } from "./consolePages.ts";
import { DOCUMENT_CHECK } from "./documentCheck.ts";
import { bundledPackages, noticesOf } from "./notices.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FOLDER = join(ROOT, "dist");

/** The program as it is shipped: one file that needs nothing but Node. */
export const BUNDLE = join(FOLDER, "countersign.mjs");

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
 * bytes for each character if one of them is not ASCII. That was 12.5 MB; it is 4.4 MB now. The file is moved into place at once, so that a running program, or another
 * build, never sees half of it. Throws what esbuild found wrong.
 */
export async function bundle(): Promise<void> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: ["src/cli/main.ts"],
    outfile: BUNDLE,
    bundle: true,
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
  await mkdir(FOLDER, { recursive: true });
  const inPages = (await buildPages()).map((file) => relative(ROOT, file));
  const notices = await noticesOf(bundledPackages([...Object.keys(metafile.inputs), ...inPages]), ROOT);
  await writeFile(join(FOLDER, "THIRD-PARTY-NOTICES.txt"), notices);
  await place(asAscii(outputFiles[0]?.text ?? ""));
}

async function place(contents: string): Promise<void> {
  const unfinished = `${BUNDLE}.${process.pid}`;
  try {
    await writeFile(unfinished, contents);
    await chmod(unfinished, 0o755);
    await rename(unfinished, BUNDLE);
  } finally {
    await rm(unfinished, { force: true });
  }
}
