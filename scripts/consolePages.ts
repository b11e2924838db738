import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Where the pages of the console are: beside the program that serves them. */
export const PAGES = join(ROOT, "dist/console");

/**
 * Makes the pages of the console from console/, and returns the files of all packages in them. The folder is moved into place at
 * once, so that a running program, or another build, never sees half of it. Throws what Vite found wrong.
 */
export async function buildPages(): Promise<readonly string[]> {
  const made = await build({
    root: join(ROOT, "console"),
    configFile: false,
    logLevel: "warn",
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      write: false,
      target: "es2023",
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      // Vite would count what its own compression gives, which no browser gets from loopback.
      reportCompressedSize: false,
    },
  });
  const outputs = (Array.isArray(made) ? made : [made]).flatMap((one) => ("output" in one ? one.output : []));
  await place(outputs.map((one) => [one.fileName, one.type === "chunk" ? one.code : one.source] as const));
  return outputs.flatMap((one) => (one.type === "chunk" ? one.moduleIds : []));
}

async function place(files: readonly (readonly [string, string | Uint8Array])[]): Promise<void> {
  const unfinished = `${PAGES}.${process.pid}`;
  try {
    for (const [name, content] of files) {
      await mkdir(dirname(join(unfinished, name)), { recursive: true });
      await writeFile(join(unfinished, name), content);
    }
    await rm(PAGES, { recursive: true, force: true });
    await rename(unfinished, PAGES);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}
