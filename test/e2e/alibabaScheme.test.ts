import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { stringify } from "yaml";
import type { Program } from "../support/childProcess.ts";
import { countersign, countersignOutput } from "../support/cluster.ts";
import { type EnvoyProcess, startEnvoy } from "../support/envoyProcess.ts";
import { eventually } from "../support/events.ts";
import { applicationManifest, team } from "../support/manifests.ts";
import { sendRaw } from "../support/rawHttp.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";

const { namespace, host, domain, grant } = team("alibaba");
const PATH = "/orders?b=2&a=1";

let [folder, upstream, standalone]: [string, Upstream, Program] = [] as never;
let envoys: Readonly<Record<"raw" | "map", EnvoyProcess>>;
let signed: readonly (readonly [string, string])[];

beforeAll(async () => {
  [folder, upstream] = await Promise.all([temporaryFolder("alibaba"), startUpstream()]);
  const directory = join(folder, "yaml");
  await mkdir(directory);
  const application = applicationManifest("mobile-app", namespace, {
    signing: { schemes: ["Tencent", "AlibabaCA"] },
  });
  await writeFile(
    join(directory, "all.yaml"),
    [domain, application, grant].map((one) => stringify(one)).join("---\n"),
  );
  const ports = ["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"];
  standalone = countersign(["standalone", directory, ...ports, "--state-dir", join(folder, "state")]);
  const port = Number((await standalone.waitFor(/^ready +gRPC \S+:(\d+)/m, 60_000))[1]);
  const config = await countersignOutput([
    ...["envoy-config", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--timeout", "5s"],
    ...["--upstream", `http://127.0.0.1:${upstream.port}`, "--verifier", `127.0.0.1:${port}`],
  ]);
  const inMap = config.replaceAll(/"?encode_raw_headers"?: true/g, "encode_raw_headers: false");
  envoys = { raw: await startEnvoy(config), map: await startEnvoy(inMap) };
  for (const envoy of Object.values(envoys)) await serving(envoy);
  signed = await signedHeaders("AlibabaCA");
}, 120_000);

afterAll(async () => {
  for (const envoy of Object.values(envoys ?? {})) await envoy.stop();
  await standalone?.stop();
  await upstream?.stop();
});

async function serving(envoy: EnvoyProcess): Promise<void> {
  const port = await envoy.listenerPort("in");
  await eventually(async () => (await fetch(`http://127.0.0.1:${port}/`)).status === 401);
}

/** What `countersign sign` adds to a GET of PATH. */
async function signedHeaders(scheme: string): Promise<readonly (readonly [string, string])[]> {
  const file = join(folder, "state/credentials", namespace, "mobile-app-credentials.yaml");
  const text = await readFile(file, "utf8");
  const field = (name: string) => new RegExp(`${name}: (\\S+)`).exec(text)?.[1] ?? "";
  await writeFile(join(folder, "secret.txt"), field("ApiAppSecret"));
  const flags = ["sign", "--scheme", scheme, "-o", "json", "--key-id", field("ApiAppKey")];
  const printed = await countersignOutput([
    ...flags,
    ...["--secret-file", join(folder, "secret.txt"), `https://${host}${PATH}`],
  ]);
  return Object.entries(JSON.parse(printed) as Record<string, string>);
}

async function send(
  shape: "raw" | "map",
  headers: readonly (readonly [string, string])[],
  path = PATH,
): Promise<{ readonly status: number; readonly head: string }> {
  const lines = [["Host", host], ...headers, ["Connection", "close"]];
  const head = [`GET ${path} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`), "", ""];
  return await sendRaw(await envoys[shape].listenerPort("in"), Buffer.from(head.join("\r\n")));
}

describe.each(["raw", "map"] as const)("an AlibabaCA signature through Envoy with %s headers", (shape) => {
  test("passes, and reaches the upstream once", async () => {
    const seen = upstream.seen.length;
    expect((await send(shape, signed)).status).toBe(200);
    expect(upstream.seen.length - seen).toBe(1);
  });

  test("denies its altered twin, in the words of that gateway", async () => {
    const { status, head } = await send(shape, signed, "/orders?b=2&a=2");
    expect(status).toBe(401);
    expect(head).toMatch(/^x-ca-error-message: Invalid Signature/im);
    expect(head).toMatch(/^x-ca-request-id: \S+/im);
  });

  test("is denied beside one of another scheme", async () => {
    const both = [...signed, ...(await signedHeaders("Tencent"))];
    expect((await send(shape, both)).status).toBe(400);
  });
});
