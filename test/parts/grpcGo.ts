import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CACHE, cached, PartMissing, run, say } from "./cache.ts";

const MODULE = fileURLToPath(new URL("./grpc-go", import.meta.url));

/** The path of our test client on grpc-go, built once for each version of its source. Throws PartMissing. */
export async function findGrpcGoClient(): Promise<string> {
  const hash = createHash("sha256");
  for (const file of ["main.go", "go.sum"]) hash.update(readFileSync(join(MODULE, file)));
  return await cached(`grpc-go-client-${hash.digest("hex").slice(0, 12)}`, "client", build);
}

async function build(folder: string): Promise<void> {
  say(
    `grpc-go client: building it from test/parts/grpc-go into ${CACHE}, which takes a minute the first time …`,
  );
  const options = ["-mod=readonly", "-buildvcs=false", "-trimpath", "-ldflags=-s -w"];
  try {
    await run("go", ["build", ...options, "-o", join(folder, "client"), "."], {
      cwd: MODULE,
      env: { ...process.env, CGO_ENABLED: "0" },
    });
  } catch (error) {
    throw new PartMissing(
      "the grpc-go client could not be built: install Go 1.26 or newer and let it reach a Go module proxy.",
      { cause: error },
    );
  }
}
