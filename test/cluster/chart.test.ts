import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parseAllDocuments } from "yaml";
import { type Credentials, credentialsIn, send } from "../support/caller.ts";
import { eventually } from "../support/events.ts";
import { SteadyCaller } from "../support/steadyCaller.ts";
import { envoyObjects } from "./envoyPod.ts";
import {
  apply,
  chartArgs,
  EDGE,
  forward,
  get,
  hasOlder,
  helm,
  type Images,
  kubectl,
  olderChartArgs,
  provideImages,
  RELEASE,
  SYSTEM,
} from "./installation.ts";

/**
 * The chart in a cluster with kubelets, that of KUBECONFIG: from `helm install` to `helm uninstall`, in this order. Each test
 * continues where the one before it ended.
 */
const TEAM = "team-shop";
const call = { host: "api.shop.example.com", path: "/orders" };
const RESTRICTED = { "pod-security.kubernetes.io/enforce": "restricted" };

let images: Images;
let way: Awaited<ReturnType<typeof forward>>;
let caller: SteadyCaller;
/** What callers and partners hold. */
let held: object;

beforeAll(async () => {
  images = await provideImages();
  await apply(
    ...[SYSTEM, EDGE].map((name) => ({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name, labels: RESTRICTED },
    })),
    { apiVersion: "v1", kind: "Namespace", metadata: { name: TEAM } },
  );
}, 300_000);
afterAll(async () => {
  await caller?.stop();
  await way?.stop();
});

/** The three objects of README.md. */
function readmeObjects(): readonly object[] {
  const readme = readFileSync(fileURLToPath(new URL("../../README.md", import.meta.url)), "utf8");
  const block = /^```yaml\n(apiVersion[\s\S]*?)^```$/m.exec(readme)?.[1] ?? "";
  return parseAllDocuments(block).map((document) => document.toJS());
}

async function credentials(): Promise<Credentials> {
  const { data } = await get<{ data: Record<string, string> }>(
    "secret",
    "-n",
    TEAM,
    "mobile-app-credentials",
  );
  return credentialsIn(data);
}

async function createReady(name: string): Promise<void> {
  const metadata = { name, namespace: TEAM };
  await apply({ apiVersion: "countersign.dev/v1alpha1", kind: "Application", metadata, spec: {} });
  await kubectl("wait", "-n", TEAM, "--for=condition=Ready", "--timeout=120s", `application/${name}`);
}

/** Prints how long it took, for readers of the run's output. */
async function took(what: string, act: () => Promise<unknown>): Promise<void> {
  const began = performance.now();
  await act();
  process.stderr.write(`${what} took ${((performance.now() - began) / 1_000).toFixed(1)} s\n`);
}

async function holdings(): Promise<object> {
  const { status } = await get<{ status: object }>("application", "-n", TEAM, "mobile-app");
  const { applicationId, keys } = status as { applicationId: string; keys: object };
  return { applicationId, keys, pair: await credentials() };
}

const statusOf = async (signed = true) =>
  (await send({ ...call, port: way.port, ...(signed ? { credentials: await credentials() } : {}) })).status;

const readyReplicas = async (name: string) =>
  (await get<{ status: { readyReplicas?: number } }>("deployment", "-n", SYSTEM, name)).status.readyReplicas;

/** Restarts a Deployment's Pods one after another, and waits until the last old one is gone. */
async function roll(name: string): Promise<void> {
  await kubectl("rollout", "restart", "-n", SYSTEM, `deployment/${name}`);
  await kubectl("rollout", "status", "-n", SYSTEM, `deployment/${name}`, "--timeout=180s");
  await eventually(
    async () =>
      (
        await get(
          "pods",
          "-n",
          SYSTEM,
          "-l",
          `app.kubernetes.io/component=${name.replace(`${RELEASE}-`, "")}`,
        )
      ).items.length === 2,
    { timeoutMs: 120_000 },
  );
}

/** Runs `act` under constant requests: all of them are accepted, and callers keep their credentials. */
async function underLoad(act: () => Promise<void>): Promise<void> {
  caller = new SteadyCaller({ ...call, port: way.port }, credentials);
  caller.start();
  await eventually(() => caller.accepted() >= 200, { timeoutMs: 60_000 });
  await act();
  const before = caller.accepted();
  await eventually(() => caller.accepted() >= before + 200, { timeoutMs: 60_000 });
  await caller.stop();
  process.stderr.write(
    `${caller.accepted()} requests were accepted meanwhile, ${caller.refusals.length} not\n`,
  );
  expect(caller.refusals.slice(0, 5)).toEqual([]);
  expect(await holdings()).toEqual(held);
}

describe("the chart in a real cluster", () => {
  test("is installed with all of its Pods Ready, in a namespace of the restricted Pod Security profile", async () => {
    await helm("install", RELEASE, ...(hasOlder ? olderChartArgs(images) : chartArgs(images)));
    expect(await readyReplicas(`${RELEASE}-operator`)).toBe(2);
    expect(await readyReplicas(`${RELEASE}-verifier`)).toBe(2);
    const leases = await get("leases", "-n", "countersign-data");
    expect(leases.items.map(({ metadata }) => metadata.name.startsWith(`${RELEASE}-verifier-`))).toEqual([
      true,
      true,
    ]);
    const root = ["run", "root", "-n", SYSTEM, "--image=x", "--dry-run=server"];
    await expect(kubectl(...root)).rejects.toThrow("violates PodSecurity");
  }, 300_000);

  test("answers 200 to a signed request through Envoy once the README's three objects are applied, and 401 to an unsigned one", async () => {
    await apply(...(await envoyObjects(images)), ...readmeObjects());
    await kubectl(
      "wait",
      "-n",
      TEAM,
      "--for=condition=Ready",
      "--timeout=120s",
      "application/mobile-app",
      "apigrant/partners",
    );
    await kubectl("wait", "-n", EDGE, "--for=condition=Ready", "--timeout=120s", "pod/envoy");
    way = await forward(EDGE, "pod/envoy", 8080);
    await eventually(async () => (await statusOf()) === 200, { timeoutMs: 60_000 });
    expect(await statusOf(false)).toBe(401);
    held = await holdings();
  }, 300_000);

  const testUpgrade = hasOlder ? test : test.skip;
  testUpgrade(
    "loses no request and no key pair while it is upgraded from the version of COUNTERSIGN_UPGRADE_FROM",
    async () => {
      await underLoad(async () => {
        await helm("upgrade", RELEASE, ...chartArgs(images));
      });
      await createReady("after-upgrade");
      await kubectl("delete", "-n", TEAM, "application/after-upgrade", "--timeout=60s");
    },
    600_000,
  );

  test("loses no request while both Deployments are restarted Pod by Pod, under load", async () => {
    await underLoad(async () => {
      await Promise.all([roll(`${RELEASE}-operator`), roll(`${RELEASE}-verifier`)]);
    });
  }, 600_000);

  test("keeps working when a verifier's Pod is force-deleted: new Applications become Ready, deletions return", async () => {
    const [victim] = (await get("pods", "-n", SYSTEM, "-l", "app.kubernetes.io/component=verifier")).items;
    const name = victim?.metadata.name ?? "";
    await kubectl("delete", "pod", "-n", SYSTEM, name, "--force", "--grace-period=0");
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await took("the new Application's readiness", () => createReady("after-force"));
    await took("the deletion", () =>
      kubectl("delete", "-n", TEAM, "application/after-force", "--timeout=60s"),
    );
    await eventually(async () => (await readyReplicas(`${RELEASE}-verifier`)) === 2, { timeoutMs: 120_000 });
    // The Pod's containers run on for a while without a Lease, and deny until Envoy's health checks have taken them out.
    await eventually(async () => (await statusOf()) === 200, { timeoutMs: 60_000 });
  }, 300_000);

  test("passes helm test", async () => {
    expect(await helm("test", RELEASE, "--timeout", "2m")).toMatch(/Phase:\s+Succeeded/);
  }, 180_000);

  test("keeps ids and key pairs over helm upgrade and helm rollback", async () => {
    await helm(
      "upgrade",
      RELEASE,
      ...chartArgs(images, "operator.logLevel=debug", "verifier.maxStaleness=30m"),
    );
    expect(await holdings()).toEqual(held);
    await helm("rollback", RELEASE, "1", "--wait", "--timeout", "3m");
    expect(await holdings()).toEqual(held);
    await eventually(async () => (await statusOf()) === 200, { timeoutMs: 60_000 });
  }, 600_000);

  test("is uninstalled with objects, key pairs and the data namespace left, and no finalizer", async () => {
    await helm("uninstall", RELEASE, "--wait", "--timeout", "3m");
    expect(await holdings()).toEqual(held);
    const projections = await get("secrets", "-n", "countersign-data");
    expect(projections.items.map(({ metadata }) => metadata.name).sort()).toEqual([
      "application.team-shop.mobile-app",
      "domain.shop",
      "grant.team-shop.partners",
    ]);
    const { metadata } = await get<{ metadata: { finalizers?: string[] } }>(
      "application",
      "-n",
      TEAM,
      "mobile-app",
    );
    expect(metadata.finalizers ?? []).toEqual([]);
    await eventually(async () => (await statusOf()) === 503, { timeoutMs: 60_000 });
  }, 300_000);

  test("installed again takes everything up where it was, and makes new Applications Ready at once", async () => {
    await took("the installation with the new Application's readiness", async () => {
      const installed = helm("install", RELEASE, ...chartArgs(images));
      await createReady("after-install");
      await installed;
    });
    await eventually(async () => (await statusOf().catch(() => 0)) === 200, { timeoutMs: 120_000 });
    expect(await holdings()).toEqual(held);
  }, 300_000);
});
