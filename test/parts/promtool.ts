import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CACHE, cached, findProgram, PartMissing, pathFolders, run, say } from "./cache.ts";

const VERSION = "v0.315.1";
const MODULE = fileURLToPath(new URL("./promtool", import.meta.url));

/** The path of Prometheus' promtool: PATH, then the cache, filled by `go build` once. Throws PartMissing. */
export async function findPromtool(): Promise<string> {
  return findProgram("promtool", pathFolders()) ?? (await cached(`promtool-${VERSION}`, "promtool", build));
}

async function build(folder: string): Promise<void> {
  say(`promtool: building it from its Go module into ${CACHE}, which takes a few minutes the first time …`);
  // Without service discovery, whose clouds' clients take most of the time and which no rule needs.
  const tags = "-tags=remove_all_sd";
  const options = ["-mod=readonly", "-buildvcs=false", "-trimpath", tags, "-ldflags=-s -w"];
  try {
    await run(
      "go",
      ["build", ...options, "-o", join(folder, "promtool"), "github.com/prometheus/prometheus/cmd/promtool"],
      { cwd: MODULE, env: { ...process.env, CGO_ENABLED: "0" } },
    );
  } catch (error) {
    throw new PartMissing(
      "promtool was not found and could not be built: install Go 1.26 or newer and let it reach a Go module proxy, or put a promtool of Prometheus 3 on PATH.",
      { cause: error },
    );
  }
}
