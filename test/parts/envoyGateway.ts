import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CACHE, cached, isProgram, PartMissing, run, say } from "./cache.ts";

const VERSION = "v1.9.1";
const PACKAGE = "github.com/envoyproxy/gateway/cmd/envoy-gateway";
const MODULE = fileURLToPath(new URL("./envoy-gateway", import.meta.url));

/** The path of Envoy Gateway: ENVOY_GATEWAY_BIN, then the cache, filled by `go build` once. Throws PartMissing. */
export async function findEnvoyGateway(): Promise<string> {
  const named = process.env.ENVOY_GATEWAY_BIN;
  if (named && !isProgram(named)) throw new PartMissing(`ENVOY_GATEWAY_BIN names no program: ${named}.`);
  return named || (await cached(`envoy-gateway-${VERSION}`, "envoy-gateway", build));
}

async function build(folder: string): Promise<void> {
  say(
    `Envoy Gateway: building it from its Go module into ${CACHE}, which takes a few minutes the first time …`,
  );
  const options = ["-mod=readonly", "-buildvcs=false", "-trimpath", "-ldflags=-s -w"];
  try {
    await run("go", ["build", ...options, "-o", join(folder, "envoy-gateway"), PACKAGE], {
      cwd: MODULE,
      env: { ...process.env, CGO_ENABLED: "0" },
    });
  } catch (error) {
    throw new PartMissing(
      `Envoy Gateway could not be built: install Go 1.26.7 or newer and let it reach a Go module proxy, or set ENVOY_GATEWAY_BIN to an Envoy Gateway ${VERSION}.`,
      { cause: error },
    );
  }
}
