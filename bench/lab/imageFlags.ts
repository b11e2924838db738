import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "../../test/support/temporaryFolder.ts";

const DOCKERFILE = new URL("../../Dockerfile", import.meta.url);

/** The flags of Node that the image starts the program with, as its Dockerfile has them: figures are those of the image. */
export function imageFlags(dockerfile = readFileSync(DOCKERFILE, "utf8")): readonly string[] {
  const [, list] = /^ENTRYPOINT (\[.*\])$/m.exec(dockerfile) ?? [];
  if (list === undefined) throw new Error("Dockerfile has no line ENTRYPOINT [...]");
  return (JSON.parse(list) as readonly string[]).slice(1, -1);
}

/** The environment variables that the Dockerfile sets in the image, of lines `ENV name=value`. */
export function imageVariables(
  dockerfile = readFileSync(DOCKERFILE, "utf8"),
): Readonly<Record<string, string>> {
  const found = dockerfile.matchAll(/^ENV (\w+)=(\S+)$/gm);
  return Object.fromEntries([...found].map(([, name = "", value = ""]) => [name, value]));
}

let environment: Promise<Readonly<Record<string, string>>> | undefined;

/** The same with a compile cache that is filled for this bundle, as that of the image is for the program in it. */
export function imageEnvironment(bundle: string): Promise<Readonly<Record<string, string>>> {
  environment ??= filledCache(bundle).then((folder) => ({
    ...imageVariables(),
    NODE_COMPILE_CACHE: folder,
  }));
  return environment;
}

async function filledCache(bundle: string): Promise<string> {
  const folder = await temporaryFolder("bench-compile-cache");
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const script = fileURLToPath(new URL("../../scripts/compile-cache.mjs", import.meta.url));
  execFileSync(process.execPath, [script, bundle, join(folder, "cache")]);
  return join(folder, "cache");
}
