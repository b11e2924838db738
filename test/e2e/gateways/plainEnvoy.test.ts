import { execFile } from "node:child_process";
import { readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { CALLER_CASES, MAX_REQUEST_BYTES } from "../../cases/callerCases.ts";
import { findEnvoy } from "../../parts/envoy.ts";
import { type EnvoyProcess, startEnvoy } from "../../support/envoyProcess.ts";
import { eventually } from "../../support/events.ts";
import { outcomeOf } from "../../support/outcome.ts";
import { type Shop, startShop } from "../../support/shop.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

const EXAMPLES = fileURLToPath(new URL("../../../examples/gateways/envoy", import.meta.url));
const execute = promisify(execFile);
let shop: Shop;

beforeAll(async () => {
  shop = await startShop(MAX_REQUEST_BYTES);
}, 60_000);
afterAll(() => shop?.stop());

/** An example with the ports and the limit of this test in the place of its own, and times that a busy machine can keep. */
async function example(name: string): Promise<string> {
  const text = await readFile(join(EXAMPLES, name), "utf8");
  return text
    .replaceAll("port_value: 8080", "port_value: 0")
    .replaceAll("port_value: 9901", "port_value: 0")
    .replaceAll("port_value: 9001", `port_value: ${shop.verifierPort}`)
    .replaceAll("port_value: 3000", `port_value: ${shop.upstream.port}`)
    .replaceAll(/(timeout|max_interval): 0\.[15]s/g, "$1: 5s")
    .replaceAll("max_request_bytes: 16777216", `max_request_bytes: ${MAX_REQUEST_BYTES}`);
}

/** Resolves with the port once the gateway lets a good request through. */
async function serving(envoy: EnvoyProcess): Promise<number> {
  const port = await envoy.listenerPort("in");
  await eventually(async () => (await outcomeOf(port, { target: "/orders" }, shop)) === "200");
  return port;
}

test.each([
  ["static.yaml", EXAMPLES],
  ["browsers.yaml", EXAMPLES],
  ["bootstrap.yaml", join(EXAMPLES, "xds")],
])("%s is valid", async (name, folder) => {
  const { stderr } = await execute(await findEnvoy(), ["--mode", "validate", "-c", name], { cwd: folder });
  expect(stderr).not.toMatch(/deprecated|critical/i);
});

describe("behind the static example", () => {
  let envoy: EnvoyProcess;
  let port: number;
  beforeAll(async () => {
    envoy = await startEnvoy(await example("static.yaml"));
    port = await serving(envoy);
  }, 60_000);
  afterAll(() => envoy?.stop());

  test.each(Object.entries(CALLER_CASES))("%s", async (_, { call, outcome }) => {
    expect(await outcomeOf(port, call, shop)).toBe(outcome);
  });
});

describe("behind the example with xDS by file", () => {
  let folder: string;
  let envoy: EnvoyProcess;
  let port: number;
  beforeAll(async () => {
    folder = await temporaryFolder("xds");
    for (const name of await readdir(join(EXAMPLES, "xds"))) await write(name, (text) => text);
    envoy = await startEnvoy(await readFile(join(folder, "bootstrap.yaml"), "utf8"));
    port = await serving(envoy);
  }, 60_000);
  afterAll(async () => {
    await envoy?.stop();
  });

  /** As an admin replaces a file: written beside it and moved over it, which is what Envoy watches for. */
  async function write(name: string, change: (text: string) => string): Promise<void> {
    const text = (await example(`xds/${name}`)).replaceAll("path: ./", `path: ${folder}/`);
    await writeFile(join(folder, `${name}.new`), change(text));
    await rename(join(folder, `${name}.new`), join(folder, name));
  }

  test("a good request passes, and one of an API that is not granted does not", async () => {
    expect(await outcomeOf(port, { target: "/orders" }, shop)).toBe("200");
    expect(await outcomeOf(port, { target: "/refunds" }, shop)).toBe("403 ApiNotGranted");
  });

  test("P4: a route that names another API than host and path do is refused, from the moment its file is replaced", async () => {
    await write("rds.yaml", (text) => text.replace("api: team-shop/orders", "api: team-shop/refunds"));
    await eventually(
      async () => (await outcomeOf(port, { target: "/orders" }, shop)) === "403 ContextMismatch",
    );
    await write("rds.yaml", (text) => text);
    await eventually(async () => (await outcomeOf(port, { target: "/orders" }, shop)) === "200");
  });
});
