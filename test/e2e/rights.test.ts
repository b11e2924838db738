import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { systemClock } from "../../src/base/clock.ts";
import { loadAccess } from "../../src/store/kube/access.ts";
import { Connection } from "../../src/store/kube/connection.ts";
import { EventRecorder } from "../../src/store/kube/events.ts";
import type { ObjectEvent } from "../../src/store/store.ts";
import { findHttpRouteCrd } from "../parts/gatewayApi.ts";
import { type Cluster, createVerifier, startCluster } from "../support/cluster.ts";
import { eventually } from "../support/events.ts";
import { applicationManifest, namespaceManifest, team } from "../support/manifests.ts";
import { needless, rightsGranted, rightsUsed } from "../support/rights.ts";

const SYSTEM = "countersign-system";
const { namespace, domain, application, grant } = team("rights");
const SECRET = ["secret", "mobile-app-credentials", "-n", namespace] as const;

let cluster: Cluster;
beforeAll(async () => {
  // Last use asks for the rights to its own Lease.
  cluster = await startCluster(async () => ({ operatorFlags: ["--last-use"] }));
  await cluster.kubectl("apply", "--server-side", "-f", await findHttpRouteCrd());
  await cluster.apply(namespaceManifest(namespace));
  await cluster.apply(domain, application, grant);
  await cluster.ready(namespace, "application/mobile-app", "apigrant/partners");
}, 240_000);
afterAll(() => cluster?.stop());

const credentials = () => cluster.credentials(namespace, "mobile-app");
const patchSecret = (change: object) =>
  cluster.kubectl("patch", ...SECRET, "--type=merge", "-p", JSON.stringify(change));

/** Everything an installation lives through that asks for a right of its own. */
describe("what an installation lives through:", () => {
  test("a credentials Secret that was changed, made immutable or deleted comes back", async () => {
    const { key } = await credentials();
    const comesBack = () => eventually(async () => (await credentials()).key === key, { timeoutMs: 60_000 });
    await patchSecret({ data: { ApiAppKey: Buffer.from("other").toString("base64") } });
    await comesBack();
    await patchSecret({ immutable: true, data: { ApiAppKey: Buffer.from("other").toString("base64") } });
    await comesBack();
    await cluster.kubectl("delete", ...SECRET);
    await comesBack();
  }, 120_000);

  test("a verifier that ends deletes its Lease; the Lease of one that was killed expires, or goes with its Pod", async () => {
    const flags = ["--max-staleness", "5s"];
    const [ended, killed, podless] = await Promise.all([
      createVerifier(cluster.server, "ended", flags),
      createVerifier(cluster.server, "killed", flags),
      createVerifier(cluster.server, "podless"),
    ]);
    for (const verifier of [ended, killed, podless]) {
      await verifier?.start();
      await verifier?.ready();
    }
    await ended?.stop();
    await killed?.stop("SIGKILL");
    await podless?.stop("SIGKILL");
    await cluster.kubectl("delete", "pod", "-n", SYSTEM, "podless", "--force", "--grace-period=0");
    await eventually(
      async () =>
        !/ended|killed|podless/.test(await cluster.kubectl("get", "leases", "-n", "countersign-data")),
      { timeoutMs: 90_000 },
    );
  }, 150_000);

  test("a successor of the operator takes the Lease over", async () => {
    await cluster.operator.stop();
    await cluster.operator.start();
    await eventually(async () =>
      /"msg":"leading"/.test(cluster.operator.output.split("not leading").at(-1) ?? ""),
    );
  }, 60_000);

  test("all is deleted", async () => {
    await cluster.apply(applicationManifest("second", namespace));
    await cluster.ready(namespace, "application/second");
    await cluster.kubectl("delete", "-n", namespace, "applications,apigrants", "--all", "--timeout=60s");
    await cluster.kubectl("delete", "apidomains", "--all", "--timeout=60s");
  }, 120_000);
});

test("the operator repeats an Event by counting it", async () => {
  const kubeconfig = await cluster.server.kubeconfigFor(SYSTEM, "countersign-operator");
  const connection = new Connection(loadAccess({ kubeconfig }));
  let ahead = 0;
  const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + ahead };
  const recorder = new EventRecorder(connection, "operator-0", clock);
  const object = { kind: "Application", namespace, name: "mobile-app", uid: "0" } as const;
  const message = "it happened";
  const event: ObjectEvent = { object, type: "Normal", reason: "Test", action: "Writing", message };
  try {
    await recorder.record(event);
    ahead = 3_600_000;
    await recorder.record(event);
  } finally {
    await connection.close();
  }
  const events = JSON.parse(await cluster.kubectl("get", "events", "-n", namespace, "-o", "json")).items;
  expect(events.filter(({ reason }: { reason: string }) => reason === "Test")).toMatchObject([
    { series: { count: 2 } },
  ]);
}, 30_000);

describe("P42: after all that,", () => {
  /** Asked for by the admission plugin OwnerReferencesPermissionEnforcement, which asks without a request. */
  const UNSEEN = ["* applications/finalizers update"];

  test.each([
    ["countersign-operator", UNSEEN],
    ["countersign-verifier", []],
  ])(
    "%s was allowed all that it asked for, and asked for all that it is allowed",
    async (name, unseen) => {
      const { used, forbidden } = await rightsUsed(cluster.server, name);
      expect(forbidden).toEqual([]);
      expect(needless(await rightsGranted(cluster.server, name), used)).toEqual(unseen);
    },
    60_000,
  );

  test("without the right to its finalizers an Application could not own its Secret where that is enforced", async () => {
    const role = ["clusterrole/countersign-operator"] as const;
    const { rules } = JSON.parse(await cluster.kubectl("get", ...role, "-o", "json"));
    const setRules = (some: object) =>
      cluster.kubectl("patch", ...role, "--type=merge", "-p", JSON.stringify({ rules: some }));
    await setRules(
      rules.filter(
        ({ resources }: { resources: string[] }) => !resources.includes("applications/finalizers"),
      ),
    );
    await cluster.apply(applicationManifest("third", namespace));
    await eventually(
      async () => {
        const seen = await cluster.kubectl("get", "-n", namespace, "application/third", "-o", "json");
        if (!/refused the Secret: 403 Forbidden/.test(seen)) throw new Error(seen);
        return true;
      },
      { timeoutMs: 60_000, intervalMs: 500 },
    );
    await setRules(rules);
    // An edit, so that the operator tries again at once.
    await cluster.apply(applicationManifest("third", namespace, { displayName: "Third" }));
    await cluster.ready(namespace, "application/third");
  }, 150_000);
});
