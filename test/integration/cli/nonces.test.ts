import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { signedHeaders } from "../../support/caller.ts";
import { countersign } from "../../support/cluster.ts";
import { applicationManifest, team } from "../../support/manifests.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

const AT = new Date("2026-11-24T09:00:00Z");
const pair = { key: "APIDcaller", secret: "a-secret-of-the-caller" };
const { namespace, host, domain, grant } = team("nonces");
let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder("nonces");
  await mkdir(join(folder, "yaml"));
  await protect("Required");
});

/** Writes the tenant with this mode of its Application. */
async function protect(mode: string): Promise<void> {
  const secret = {
    ...{ apiVersion: "v1", kind: "Secret", metadata: { name: "pair", namespace } },
    stringData: { ApiAppKey: pair.key, ApiAppSecret: pair.secret },
  };
  const application = applicationManifest("mobile-app", namespace, {
    credentials: { source: "Imported", importFrom: { name: "pair" } },
    replayProtection: { mode },
  });
  const items = [domain, application, grant, secret];
  await writeFile(join(folder, "yaml/all.json"), JSON.stringify({ kind: "List", items }));
}

const headersWith = (nonce?: string) =>
  signedHeaders({
    ...{ port: 0, path: "/orders", credentials: pair, date: AT },
    ...(nonce === undefined ? {} : { nonce }),
  });

async function run(...args: string[]) {
  const program = countersign([...args, "--resources", "yaml"], {}, folder);
  const status = await program.ended;
  return { status, output: program.stdout };
}

/** The explanation of a request with this nonce. */
async function explain(nonce?: string): Promise<string> {
  const lines = Object.entries(headersWith(nonce)).map(([name, value]) => `${name}: ${value}`);
  const text = [`GET /orders HTTP/1.1`, `Host: ${host}`, ...lines].join("\r\n");
  await writeFile(join(folder, "request"), `${text}\r\n\r\n`);
  return (await run("explain", "--request", "request", "--at", AT.toISOString())).output;
}

describe("countersign explain", () => {
  test("shows the nonce, the mode and the window", async () => {
    expect(await explain("n-1")).toMatch(
      /^nonce +n-1 {2}Required: allowed once within 905 s, then NonceRepeated$/m,
    );
  });

  test("shows that a request without a nonce is denied", async () => {
    const output = await explain();
    expect(output).toMatch(/^nonce +not signed {2}Required: the request is denied$/m);
    expect(output).toMatch(/^decision +deny {2}NonceMissing {2}.*x-apigw-nonce/m);
  });
});

test("countersign replay denies the second captured request with one nonce, and one without", async () => {
  const row = (seconds: number, nonce?: string) =>
    JSON.stringify({
      time: new Date(AT.getTime() + seconds * 1_000).toISOString(),
      method: "GET",
      target: "/orders",
      headers: [["Host", host], ...Object.entries(headersWith(nonce))],
    });
  await writeFile(join(folder, "traffic.jsonl"), [row(0, "a"), row(1, "b"), row(2, "a"), row(3)].join("\n"));
  const { status, output } = await run("replay", "traffic.jsonl", "-o", "jsonl");
  const codes = output
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).code);
  expect(codes).toEqual(["Allowed", "Allowed", "NonceRepeated", "NonceMissing"]);
  expect(status).toBe(1);
});
