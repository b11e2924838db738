import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { Agent } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Call, send } from "../support/caller.ts";
import { type Cluster, startCluster, type VerifierProcess } from "../support/cluster.ts";
import type { EnvoyProcess } from "../support/envoyProcess.ts";
import { eventually } from "../support/events.ts";
import { RedisServer } from "../support/redisServer.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

let cluster: Cluster;
let store: RedisServer;
/** Two verifiers that share the store, each with an Envoy of its own. */
const verifiers: VerifierProcess[] = [];
const envoys: EnvoyProcess[] = [];
const ports: number[] = [];
const agents = [new Agent({ keepAlive: true }), new Agent({ keepAlive: true })];
let call: Omit<Call, "port">;
let namespace: string;

const PASSWORD = "a-password-of-the-nonce-store";

beforeAll(async () => {
  store = await RedisServer.start({
    lines: ["user default off", `user countersign on >${PASSWORD} ~countersign:nonce:* +set +get +ping`],
  });
  const file = join(await temporaryFolder("nonce-store"), "password");
  await writeFile(file, `${PASSWORD}\n`, { mode: 0o600 });
  cluster = await startCluster();
  const flags = [
    ...["--nonce-store", `redis://countersign@127.0.0.1:${store.port}`],
    // Long, so that a slow machine does not make the store unavailable.
    ...["--nonce-store-password-file", file, "--nonce-store-timeout", "1s"],
  ];
  for (const name of ["verifier-1", "verifier-2"]) {
    const verifier = await cluster.createVerifier(name, ["--max-request-bytes", "65536", ...flags]);
    verifiers.push(verifier);
    await verifier.start();
    await verifier.ready();
    const envoy = await cluster.startEnvoyFor(verifier);
    envoys.push(envoy);
    ports.push(await envoy.listenerPort("in"));
  }
  const granted = await cluster.granted("nonces");
  ({ call, namespace } = granted);
}, 240_000);

afterAll(async () => {
  for (const agent of agents) agent.destroy();
  for (const envoy of envoys) await envoy.stop();
  for (const verifier of verifiers) await verifier.stop();
  await store?.kill();
  await cluster?.stop();
});

/** Sets the mode of the Application, and waits until every verifier has it. */
async function protect(mode: "Off" | "WhenSent" | "Required"): Promise<void> {
  const patch = JSON.stringify({ spec: { replayProtection: { mode } } });
  await cluster.kubectl("patch", "application", "mobile-app", "-n", namespace, "--type=merge", "-p", patch);
  await cluster.ready(namespace, "application/mobile-app");
  await cluster.kubectl(
    ...["wait", "-n", namespace, "application/mobile-app", "--for=condition=Programmed", "--timeout=60s"],
  );
}

/** Sends the same bytes by one of the Envoys; returns the status, and the code of a denial. */
async function via(which: number, change: Partial<Call>): Promise<string> {
  const port = ports[which] ?? 0;
  const { status, body } = await send({ ...call, ...change, port, agent: agents[which] as Agent });
  return status === 200 ? "200" : `${status} ${JSON.parse(body).code}`;
}

const newNonce = (): Partial<Call> => ({ nonce: randomUUID(), date: new Date() });

async function metric(which: number, line: string): Promise<number> {
  const text = await (await fetch(`${verifiers[which]?.metricsUrl}/metrics`)).text();
  return Number(
    text
      .split("\n")
      .find((one) => one.startsWith(line))
      ?.split(" ")
      .at(-1) ?? -1,
  );
}

describe("two verifiers with one nonce store", () => {
  test("P11: accept exactly one of two requests with one nonce that arrive at the same moment, 1,000 times", async () => {
    await protect("Required");
    await eventually(
      async () => (await via(0, newNonce())) === "200" && (await via(1, newNonce())) === "200",
    );
    for (let round = 0; round < 1_000; round += 1) {
      const signed = newNonce();
      const both = await Promise.all([via(0, signed), via(1, signed)]);
      expect(both.toSorted()).toEqual(["200", "401 NonceRepeated"]);
    }
  }, 300_000);

  test("deny a request without a nonce where one is required, and one that is sent but not signed", async () => {
    await protect("Required");
    await eventually(async () => (await via(0, {})) === "401 NonceMissing");
    expect(await via(0, { headers: { "x-apigw-nonce": "not-signed" } })).toBe("401 NonceMissing");
  });

  test("deny with Required while the store is away, allow and count with WhenSent, and check again when it is back", async () => {
    await protect("Required");
    await store.kill();
    for (const which of [0, 1]) {
      await eventually(
        async () => (await metric(which, 'countersign_nonce_store_available{kind="redis"}')) === 0,
      );
      expect(await via(which, newNonce())).toBe("503 NonceStoreUnavailable");
    }
    await protect("WhenSent");
    const signed = newNonce();
    const line = 'countersign_nonce_checks_total{result="unavailable"}';
    const before = await metric(0, line);
    await eventually(async () => (await via(0, signed)) === "200");
    expect(await via(0, signed)).toBe("200");
    expect(await metric(0, line)).toBeGreaterThanOrEqual(before + 2);
    await store.start();
    for (const which of [0, 1])
      await eventually(
        async () => (await metric(which, 'countersign_nonce_store_available{kind="redis"}')) === 1,
      );
    const next = newNonce();
    expect(await via(0, next)).toBe("200");
    expect(await via(1, next)).toBe("401 NonceRepeated");
    for (const { output } of verifiers) {
      expect(output).toMatch(/no connection to the nonce store/);
      expect(output).not.toContain(PASSWORD);
    }
  });
});
