import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Condition } from "../../src/api/meta.ts";
import { send } from "../support/caller.ts";
import { type Cluster, countersign, startCluster, type VerifierProcess } from "../support/cluster.ts";
import { type CutOff, startCutOff } from "../support/cutOff.ts";
import { eventually } from "../support/events.ts";
import { applicationManifest } from "../support/manifests.ts";

const SYSTEM = ["-n", "countersign-system"];
/** A verifier whose end is not proven is waited for this long, which no test here waits out. */
const MAX_STALENESS = ["--max-staleness", "1h"];

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
}, 180_000);
afterAll(() => cluster?.stop());

async function startVerifier(name: string, url?: string): Promise<VerifierProcess> {
  const verifier = await cluster.createVerifier(name, MAX_STALENESS, url);
  await verifier.start();
  await verifier.ready();
  return verifier;
}

async function leases(): Promise<readonly string[]> {
  const { items } = JSON.parse(
    await cluster.kubectl("get", "leases", "-n", "countersign-data", "-o", "json"),
  );
  return items.map(({ metadata }: { metadata: { name: string } }) => metadata.name.split(".")[0]);
}

async function programmed(namespace: string, object: string): Promise<Condition | undefined> {
  const found = JSON.parse(await cluster.kubectl("get", "-n", namespace, object, "-o", "json"));
  const conditions: readonly Condition[] = found.status?.conditions ?? [];
  return conditions.find(({ type }) => type === "Programmed");
}

async function verifiers(...args: string[]) {
  const program = countersign(["verifiers", ...args, "--kubeconfig", cluster.server.kubeconfig]);
  return { status: await program.ended, stdout: program.stdout, output: program.output };
}

describe("a verifier that was killed, and whose Pod was force-deleted, holds up nothing", () => {
  test("while it has a Pod it is waited for; once the Pod is gone its Lease is deleted", async () => {
    const { namespace } = await cluster.granted("dead");
    const dead = await startVerifier("verifier-dead");
    await dead.stop("SIGKILL");
    await cluster.kubectl("delete", "-n", namespace, "apigrant/partners", "--wait=false");
    await eventually(async () =>
      /verifier-dead/.test((await programmed(namespace, "apigrant/partners"))?.message ?? ""),
    );
    expect(await leases()).toContain("verifier-dead");

    await cluster.kubectl("delete", "pod", ...SYSTEM, "verifier-dead", "--force", "--grace-period=0");
    await eventually(async () => !(await leases()).includes("verifier-dead"));
    await cluster.apply(applicationManifest("young", namespace));
    await cluster.ready(namespace, "application/young");
    await cluster.kubectl("delete", "-n", namespace, "application/young", "--timeout=30s");
  }, 120_000);
});

describe("a verifier that lives and is cut off from the API server", () => {
  let way: CutOff;
  let far: VerifierProcess;
  let farPort: number;
  let stopEnvoy: () => Promise<void>;
  let team: Awaited<ReturnType<Cluster["granted"]>>;
  const throughFar = async () => (await send({ ...team.call, port: farPort })).status;

  beforeAll(async () => {
    way = await startCutOff(cluster.server.url);
    far = await startVerifier("verifier-far", way.url);
    const envoy = await cluster.startEnvoyFor(far);
    stopEnvoy = () => envoy.stop();
    farPort = await envoy.listenerPort("in");
    team = await cluster.granted("silent");
    await eventually(async () => (await throughFar()) === 200, { timeoutMs: 60_000 });
    way.cut();
  }, 180_000);
  afterAll(async () => {
    await stopEnvoy?.();
    await far?.stop("SIGKILL");
    await way?.stop();
  });

  test("does not hold up a new Application, whose condition names it", async () => {
    await cluster.apply(applicationManifest("young", team.namespace));
    await cluster.ready(team.namespace, "application/young");
    const { status, message } = (await programmed(team.namespace, "application/young")) as Condition;
    expect([status, message]).toEqual([
      "True",
      expect.stringMatching(
        /^Every live verifier has the latest state\. Not applied by verifier-far\..* \(silent since /,
      ),
    ]);
  }, 90_000);

  test("is listed as silent, with what it has not applied", async () => {
    const { status, stdout } = await verifiers("-o", "json");
    expect(status).toBe(0);
    const found = JSON.parse(stdout).verifiers.map(({ name, ...rest }: { name: string }) => ({
      name: name.split(".")[0],
      ...rest,
    }));
    expect(found).toMatchObject([
      { name: "verifier-0", state: "live", pod: "countersign-system/verifier-0", lag: { changes: 0 } },
      { name: "verifier-far", state: "silent", lag: { changes: expect.any(Number) } },
    ]);
    expect(found[1].lag.changes).toBeGreaterThan(0);
    expect((await verifiers()).stdout).toMatch(
      /^verifier-far\.\S+ +countersign-system\/verifier-far .* silent /m,
    );
    const text = await (await fetch(`${cluster.operator.metricsUrl}/metrics`)).text();
    expect(text).toContain('\ncountersign_verifiers{state="silent"} 1\n');
  });

  test("is waited for by a deletion until somebody forgets it, which the answer warns of", async () => {
    const deleted = cluster.kubectl("delete", "-n", team.namespace, "apigrant/partners", "--timeout=80s");
    const waiting = await eventually(async () => {
      const found = await programmed(team.namespace, "apigrant/partners");
      return found?.status === "False" && /verifier-far/.test(found.message) && found;
    });
    const [, name = ""] = /kubectl countersign verifiers forget (\S+)$/.exec(waiting.message) ?? [];
    expect(waiting.message).toMatch(
      /^Waiting for verifier-far\.\S+ \(silent since \S+Z, denies everything from \S+Z at the latest\)\. If /,
    );
    expect(await throughFar()).toBe(200);
    const forgotten = await verifiers("forget", name);
    expect([forgotten.status, forgotten.output]).toEqual([
      0,
      expect.stringMatching(/it may allow removed keys and grants until/),
    ]);
    await deleted;
  }, 120_000);
});

describe("countersign verifiers forget", () => {
  test("does not forget a verifier that is live or unknown", async () => {
    const { stdout } = await verifiers("-o", "json");
    const [{ name }] = JSON.parse(stdout).verifiers;
    const live = await verifiers("forget", name);
    expect([live.status, live.output]).toEqual([
      1,
      expect.stringMatching(/is live: it renewed its Lease \d+s ago/),
    ]);
    const unknown = await verifiers("forget", "verifier-9");
    expect([unknown.status, unknown.output]).toEqual([
      1,
      expect.stringContaining("no verifier has the name verifier-9"),
    ]);
    expect(await leases()).toContain("verifier-0");
  });
});
