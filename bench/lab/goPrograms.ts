import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CACHE, cached, PartMissing, run, say } from "../../test/parts/cache.ts";

/** The Go programs of the benchmarks, each a module in a folder of its own under bench/. */
export type GoProgram = "reference" | "load";

/** Where the sources of one are. */
export function goSources(name: GoProgram): string {
  return fileURLToPath(new URL(`../${name}`, import.meta.url));
}

/** The path of a program: the cache, filled by `go build` once for each state of its sources. Throws PartMissing. */
export async function findGoProgram(name: GoProgram): Promise<string> {
  return await cached(`bench-${name}-${digest(goSources(name))}`, name, (folder) => build(name, folder));
}

async function build(name: GoProgram, folder: string): Promise<void> {
  say(`bench/${name}: building it into ${CACHE} …`);
  try {
    await run(
      "go",
      ["build", "-mod=readonly", "-buildvcs=false", "-trimpath", "-o", join(folder, name), "."],
      {
        cwd: goSources(name),
        env: { ...process.env, CGO_ENABLED: "0" },
      },
    );
  } catch (error) {
    throw new PartMissing(
      `bench/${name} could not be built: install Go 1.26 or newer and let it reach a Go module proxy.`,
      { cause: error },
    );
  }
}

/** The first half of the SHA-256 of a module's sources; tests are not part of the program. */
function digest(folder: string): string {
  const hash = createHash("sha256");
  const names = readdirSync(folder).filter(
    (name) => /\.(go|mod|sum)$/.test(name) && !name.endsWith("_test.go"),
  );
  for (const name of names.sort()) hash.update(`${name}\0`).update(readFileSync(join(folder, name)));
  return hash.digest("hex").slice(0, 16);
}
