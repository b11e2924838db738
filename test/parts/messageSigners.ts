import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CACHE, cached, PartMissing, run, say } from "./cache.ts";

const SOURCES = fileURLToPath(new URL("./message-signatures", import.meta.url));

/** A program around a published library for HTTP message signatures: its command and arguments. */
export interface MessageSigner {
  /** The package and its version. */
  readonly library: string;
  readonly command: readonly [string, ...string[]];
}

/** Every program, installed or built once for each version of its source. Throws PartMissing. */
export async function findMessageSigners(): Promise<readonly MessageSigner[]> {
  const node = await part(
    "node",
    ["client.mjs", "package.json", "package-lock.json"],
    "client.mjs",
    installNode,
  );
  const python = await part("python", ["client.py", "requirements.txt"], "client.py", installPython);
  const go = await part("go", ["main.go", "go.mod", "go.sum"], "client", buildGo);
  const packages = JSON.parse(await readFile(join(SOURCES, "node/package.json"), "utf8")).dependencies;
  const ofNode = Object.entries(packages).map(
    ([name, version]): MessageSigner => ({
      library: `npm ${name} ${version}`,
      command: [process.execPath, node, name],
    }),
  );
  return [
    ...ofNode,
    {
      library: `PyPI ${await firstLine("python/requirements.txt", /^(\S+)==(\S+)$/m)}`,
      command: ["python3", python],
    },
    { library: `Go ${await firstLine("go/go.mod", /^require (\S+) v(\S+)$/m)}`, command: [go] },
  ];
}

async function firstLine(file: string, pattern: RegExp): Promise<string> {
  const [, name, version] = pattern.exec(await readFile(join(SOURCES, file), "utf8")) ?? [];
  return `${name} ${version}`;
}

/** The file `name` of a folder that `make` fills from the sources; the cache's key has a digest of the sources. */
async function part(
  language: string,
  sources: readonly string[],
  name: string,
  make: (folder: string, from: string) => Promise<void>,
): Promise<string> {
  const from = join(SOURCES, language);
  const hash = createHash("sha256");
  for (const file of sources) hash.update(readFileSync(join(from, file)));
  return await cached(
    `message-signatures-${language}-${hash.digest("hex").slice(0, 12)}`,
    name,
    async (folder) => {
      say(`message signatures: installing the ${language} client's libraries into ${CACHE} …`);
      try {
        await make(folder, from);
      } catch (error) {
        throw new PartMissing(NEEDED[language] ?? language, { cause: error });
      }
    },
  );
}

const NEEDED: Readonly<Record<string, string>> = {
  node: "the npm packages for HTTP message signatures could not be installed: let npm reach its registry.",
  python:
    "the PyPI packages for HTTP message signatures could not be installed: install Python 3.10 or newer with pip and let it reach PyPI.",
  go: "the Go program for HTTP message signatures could not be built: install Go 1.26 or newer and let it reach a Go module proxy.",
};

async function installNode(folder: string, from: string): Promise<void> {
  await cp(from, folder, { recursive: true });
  await run("npm", ["ci", "--no-fund", "--no-audit", "--loglevel=error"], { cwd: folder });
}

/** Beside the program, where Python looks first. */
async function installPython(folder: string, from: string): Promise<void> {
  const options = ["--quiet", "--only-binary=:all:", "--disable-pip-version-check", "--target", folder];
  await run("python3", ["-m", "pip", "install", ...options, "-r", join(from, "requirements.txt")]);
  await cp(join(from, "client.py"), join(folder, "client.py"));
}

async function buildGo(folder: string, from: string): Promise<void> {
  const options = ["-mod=readonly", "-buildvcs=false", "-trimpath", "-ldflags=-s -w"];
  const env = { ...process.env, CGO_ENABLED: "0" };
  await run("go", ["build", ...options, "-o", join(folder, "client"), "."], { cwd: from, env });
}
