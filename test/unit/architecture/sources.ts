import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = new URL("../../../", import.meta.url).pathname;

/** Every source file of the program, its tests, scripts and benches, but not the rules about them, whose tables hold what they reject. */
export function sourceFiles(): readonly { readonly path: string; readonly source: string }[] {
  return ["src", "test", "scripts", "bench"]
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map(
        (name) => `${folder}/${name}`,
      ),
    )
    .filter((path) => /\.(?:ts|mjs|js)$/.test(path) && !path.startsWith("test/unit/architecture/"))
    .map((path) => ({ path, source: readFileSync(join(ROOT, path), "utf8") }));
}
