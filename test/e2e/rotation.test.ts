import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { ApiClient } from "../support/apiClient.ts";
import { type Credentials, send } from "../support/caller.ts";
import { type Cluster, startCluster, type VerifierProcess } from "../support/cluster.ts";
import { type CutOff, startCutOff } from "../support/cutOff.ts";
import type { EnvoyProcess } from "../support/envoyProcess.ts";
import { eventually } from "../support/events.ts";
import { namespaceManifest, team } from "../support/manifests.ts";
import { SteadyCaller } from "../support/steadyCaller.ts";

const ROTATIONS = 20;
const { namespace, host, domain, application, grant } = team("rotation");
let cluster: Cluster;
let api: ApiClient;
let way: CutOff;
let second: VerifierProcess;
let envoy: EnvoyProcess;
let port: number;
let caller: SteadyCaller;
beforeAll(async () => {
  cluster = await startCluster();
  api = new ApiClient(cluster.server.kubeconfig);
  way = await startCutOff(cluster.server.url);
  // Long enough for two of Envoy's health checks, one per second, to see that it drains.
  second = await cluster.createVerifier("verifier-1", ["--drain", "4s"], way.url);
  await second.start();
  await second.ready();
  envoy = await cluster.startEnvoyFor(cluster.verifier, second);
  port = await envoy.listenerPort("in");
  await cluster.apply(namespaceManifest(namespace));
  await cluster.apply(domain, application, grant);
  await cluster.ready(namespace, "application/mobile-app", "apigrant/partners");
}, 180_000);
afterAll(async () => {
  await caller?.stop();
  await envoy?.stop();
  await second?.stop("SIGKILL");
  await way?.stop();
  await api?.close();
  await cluster?.stop();
});

const keysNow = async () => (await api.application(namespace, "mobile-app")).status?.keys ?? [];

async function activeNow() {
  return await eventually(async () => (await keysNow()).find(({ state }) => state === "Active"));
}

/** Asks for a new pair. A request in the second of the active key's creation would be met by that key. */
async function askForRotation(createdAt = ""): Promise<void> {
  const requestedAt = new Date(Date.parse(createdAt) + 1_000).toISOString().replace(".000Z", "Z");
  const rotation = { overlap: "3s", requestedAt };
  await api.patchApplication(namespace, "mobile-app", { credentials: { rotation } });
}

/** The pair that callers can read, once it is the active one and another than this: a key is Active before its Secret is written. */
async function pairAfter(apiAppKey: string): Promise<Credentials> {
  return await eventually(
    async () => {
      const active = (await activeNow()).apiAppKey;
      const pair = await api.credentials(namespace, "mobile-app");
      return pair.key === active && pair.key !== apiAppKey && pair;
    },
    { timeoutMs: 60_000 },
  );
}

/** Rotates once; resolves when the caller has used the new pair a hundred times. */
async function rotate(meanwhile = async () => {}): Promise<Credentials> {
  const before = await activeNow();
  await askForRotation(before.createdAt);
  await meanwhile();
  const now = await pairAfter(before.apiAppKey);
  await eventually(() => caller.accepted(now.key) >= 100, { timeoutMs: 60_000 });
  return now;
}

/** Rotates without a way to the second verifier: the rotation waits for it, and the caller, who reads on, does not notice. */
function rotateCutOff(): Promise<Credentials> {
  way.cut();
  return rotate(async () => {
    await secondIsWaitedFor();
    const [reads, calls] = [caller.reads, caller.accepted()];
    await eventually(() => caller.reads >= reads + 3 && caller.accepted() >= calls + 100);
    way.restore();
  });
}

async function secondIsWaitedFor(): Promise<void> {
  await eventually(async () => {
    const { status } = await api.application(namespace, "mobile-app");
    const programmed = status?.conditions?.find(({ type }) => type === "Programmed");
    return programmed?.reason === "WaitingForVerifiers" && programmed.message.includes("verifier-1.");
  });
}

/** Stops the second verifier and starts it again, at first without a way to the API server: it listens, and knows nothing. */
async function restartSecond(): Promise<void> {
  await second.stop();
  way.cut();
  await second.start();
  // Envoy asks for its health meanwhile.
  const calls = caller.accepted();
  await eventually(() => caller.accepted() >= calls + 400, { timeoutMs: 60_000 });
  way.restore();
  await second.ready();
}

const allowedBy = async ({ metricsUrl }: VerifierProcess): Promise<number> =>
  Number(
    /^countersign_decisions_total\{code="Allowed"\} (\d+)/m.exec(
      await (await fetch(`${metricsUrl}/metrics`)).text(),
    )?.[1],
  );

test("P37: a caller that re-reads its Secret sees not one refusal over 20 rotations under load, with two verifiers, one of which is cut off for a while and later restarted", async () => {
  const call = { port, host, path: "/orders" };
  caller = new SteadyCaller(call, () => api.credentials(namespace, "mobile-app"));
  caller.start();
  const pairs = [await api.credentials(namespace, "mobile-app")];
  const halfway = Promise.withResolvers<void>();
  const rotations = async () => {
    for (let round = 1; round <= ROTATIONS; round++) {
      if (round === ROTATIONS / 2) halfway.resolve();
      pairs.push(await (round === 5 ? rotateCutOff() : rotate()));
    }
  };
  await Promise.all([rotations(), halfway.promise.then(restartSecond)]);
  await eventually(async () => (await allowedBy(second)) >= 100);
  await caller.stop();
  // The first few: when it fails there are hundreds.
  expect(caller.refusals.slice(0, 5)).toEqual([]);
  expect(caller.keys).toEqual(pairs.map(({ key }) => key));
  expect(new Set(caller.keys).size).toBe(1 + ROTATIONS);

  await eventually(async () => (await keysNow()).length === 1);
  const codes = await Promise.all(
    pairs.map(async (credentials) => (await send({ ...call, credentials })).status),
  );
  expect(codes).toEqual([...Array(ROTATIONS).fill(401), 200]);
}, 300_000);
