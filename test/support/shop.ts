import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Credentials } from "./caller.ts";
import { countersign } from "./cluster.ts";
import { removeFolder, temporaryFolder } from "./temporaryFolder.ts";
import { startUpstream, type Upstream } from "./upstream.ts";

const QUICKSTART = fileURLToPath(new URL("../../examples/quickstart", import.meta.url));

/** `countersign standalone` over examples/quickstart, and an upstream: what the examples of gateways stand before. */
export interface Shop {
  readonly verifierPort: number;
  readonly metricsUrl: string;
  readonly upstream: Upstream;
  /** The key pair of mobile-app, which may call /orders. */
  readonly credentials: Credentials;
  /** All that the verifier printed. */
  readonly output: string;
  stopVerifier(): Promise<unknown>;
  stop(): Promise<void>;
}

/** `maxRequestBytes` is the largest body, as the gateway has it. */
export async function startShop(maxRequestBytes: number, env: NodeJS.ProcessEnv = {}): Promise<Shop> {
  const state = await temporaryFolder("shop");
  const upstream = await startUpstream();
  const args = [
    ...["standalone", QUICKSTART, "--state-dir", state, "--max-request-bytes", String(maxRequestBytes)],
    ...["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"],
  ];
  const standalone = countersign(args, env);
  const ready = /^ready +gRPC \S+:(\d+) +metrics (\S+)/m;
  const [, port = "", metrics = ""] = await standalone.waitFor(ready, 60_000);
  const stop = async () => {
    await standalone.stop();
    await upstream.stop();
    await removeFolder(state);
  };
  const file = join(state, "credentials/team-shop/mobile-app-credentials.yaml");
  return {
    verifierPort: Number(port),
    metricsUrl: `http://${metrics}/metrics`,
    upstream,
    credentials: await credentialsOf(file),
    stopVerifier: () => standalone.stop(),
    stop,
    get output() {
      return standalone.output;
    },
  };
}

async function credentialsOf(file: string): Promise<Credentials> {
  const text = await readFile(file, "utf8");
  const [key = "", secret = ""] = ["ApiAppKey", "ApiAppSecret"].map(
    (field) => new RegExp(`${field}: (\\S+)`).exec(text)?.[1],
  );
  return { key, secret };
}
