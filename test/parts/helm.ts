import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CACHE, cached, isProgram, PartMissing, run, say } from "./cache.ts";

const VERSION = "v4.3.1";
const MODULE = fileURLToPath(new URL("./helm", import.meta.url));

/** The path of Helm 4: HELM_BIN, then the cache, filled by `go build` once; one on PATH may be of another major version. Throws PartMissing. */
export async function findHelm(): Promise<string> {
  const named = process.env.HELM_BIN;
  if (named && !isProgram(named)) throw new PartMissing(`HELM_BIN names no program: ${named}.`);
  const stamp = `-s -w -X helm.sh/helm/v4/internal/version.version=${VERSION}`;
  const source = "helm.sh/helm/v4/cmd/helm";
  return named || cached(`helm-${VERSION}`, "helm", (folder) => build("helm", source, folder, stamp));
}

/** The path of a program that prints the status of objects by kstatus, the rules of Flux and Helm. Throws PartMissing. */
export async function findKstatus(): Promise<string> {
  const source = readFileSync(join(MODULE, "kstatus/main.go"));
  const key = createHash("sha256").update(source).digest("hex").slice(0, 12);
  return cached(`kstatus-${key}`, "kstatus", (folder) => build("kstatus", "./kstatus", folder, "-s -w"));
}

async function build(name: string, source: string, folder: string, linker: string): Promise<void> {
  say(`${name}: building it from its Go module into ${CACHE}, which takes a minute or two the first time …`);
  const options = ["-mod=readonly", "-buildvcs=false", "-trimpath", `-ldflags=${linker}`];
  try {
    await run("go", ["build", ...options, "-o", join(folder, name), source], {
      cwd: MODULE,
      env: { ...process.env, CGO_ENABLED: "0" },
    });
  } catch (error) {
    throw new PartMissing(
      `${name} could not be built: install Go 1.26 or newer and let it reach a Go module proxy, or set HELM_BIN to a Helm 4.`,
      { cause: error },
    );
  }
}
