import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { podCreatedAt } from "../../../../src/cli/commands/operator/ownPod.ts";
import { loadAccess } from "../../../../src/store/kube/access.ts";
import { Connection } from "../../../../src/store/kube/connection.ts";
import { LeaderElection } from "../../../../src/store/kube/leases/leaderElection.ts";
import { holdIdentity, takeLeaderLease } from "../../../../src/store/kube/leases/leaderTakeover.ts";
import type { ApiServer } from "../../../support/apiServer.ts";
import { eventually } from "../../../support/events.ts";
import { startCountersignServer } from "./support.ts";

const LEASE = "/apis/coordination.k8s.io/v1/namespaces/countersign-system/leases/countersign-operator";
let server: ApiServer;
let kubeconfig = "";
let watching: Connection;

beforeAll(async () => {
  server = await startCountersignServer();
  kubeconfig = await server.kubeconfigFor("countersign-system", "countersign-operator");
  watching = new Connection(loadAccess({ kubeconfig }));
}, 120_000);
afterAll(async () => {
  await watching?.close();
  await server?.stop();
});

/** All candidates of one test, in the order in which they began and ended to lead. */
const candidates: { die(): Promise<void> }[] = [];
afterEach(async () => {
  for (const candidate of candidates.splice(0)) await candidate.die();
});

function candidate(identity: string, log: string[] = [], pod: NodeJS.ProcessEnv = {}) {
  const connection = new Connection(loadAccess({ kubeconfig }));
  let tries = 0;
  const election = new LeaderElection(connection, {
    identity,
    leaseDurationMs: 2_000,
    renewDeadlineMs: 1_200,
    retryPeriodMs: 100,
    podCreatedAt: () => podCreatedAt(connection, "countersign-system", pod),
    // A candidate draws how long it waits after each try that failed.
    random: () => {
      tries += 1;
      return 0.5;
    },
  });
  const controller = new AbortController();
  let isLeading = false;
  const done = election.lead(controller.signal, async (leading) => {
    isLeading = true;
    log.push(`${identity} begins`);
    await new Promise<void>((resolve) => leading.addEventListener("abort", () => resolve()));
    isLeading = false;
    log.push(`${identity} ends`);
  });
  const result = {
    leads: () => isLeading,
    /** How often it has found the Lease taken. */
    tries: () => tries,
    /** Stops, and gives the Lease back. */
    stop: async () => {
      controller.abort();
      await done;
    },
    /** As by SIGKILL: nothing of it reaches the API server any more. */
    die: async () => {
      await connection.close();
      controller.abort();
      await done;
    },
  };
  candidates.push(result);
  return result;
}

const holder = async () => Object((await watching.request("GET", LEASE)).body).spec?.holderIdentity;

test("one of two leads, and the other takes over at once when it stops", async () => {
  const log: string[] = [];
  const [a, b] = [candidate("a", log), candidate("b", log)];
  await eventually(() => a.leads() || b.leads());
  const [first, second] = a.leads() ? [a, b] : [b, a];
  const before = second.tries();
  await eventually(() => second.tries() >= before + 3);
  expect(second.leads()).toBe(false);
  await first.stop();
  await eventually(() => second.leads());
  expect(log.map((line) => line.split(" ")[1])).toEqual(["begins", "ends", "begins"]);
  await second.stop();
  expect(await holder()).toBe("");
}, 30_000);

test("the other takes over from one that died, once the Lease has not changed for its duration", async () => {
  const first = candidate("dead");
  await eventually(() => first.leads());
  const second = candidate("heir");
  await first.die();
  expect(await holder()).toBe("dead");
  expect(second.leads()).toBe(false);
  await eventually(() => second.leads());
  expect(await holder()).toBe("heir");
}, 30_000);

test("a leader whose Lease was taken stops at once, and waits as a candidate again", async () => {
  const log: string[] = [];
  const leader = candidate("robbed", log);
  await eventually(() => leader.leads());
  await eventually(async () => {
    const { body } = await watching.request("GET", LEASE);
    const lease = Object(body);
    const spec = { ...lease.spec, holderIdentity: "uninstall", leaseDurationSeconds: 2 };
    return (await watching.request("PUT", LEASE, { body: { ...lease, spec } })).status === 200;
  });
  await eventually(() => log.includes("robbed ends"));
  await eventually(() => leader.leads());
  expect(log).toEqual(["robbed begins", "robbed ends", "robbed begins"]);
}, 30_000);

test("the hold of an uninstall keeps operators of before it from leading, and none whose Pod was created later", async () => {
  const podOf = async (name: string) => {
    const { uid } = await server.createPod("countersign-system", name, "countersign-operator");
    return { POD_NAME: name, POD_UID: uid, POD_NAMESPACE: "countersign-system" };
  };
  const before = await podOf("operator-before");
  const identity = holdIdentity("test");
  const hold = {
    namespace: "countersign-system",
    name: "countersign-operator",
    identity,
    holdSeconds: 3_600,
  };
  await takeLeaderLease(watching, { ...hold, now: Date.now });
  // The API server sends whole seconds only, and the rule leaves a margin of two.
  const heldAt = (await watching.request("GET", LEASE)).date ?? "";
  await eventually(async () => {
    const now = (await watching.request("GET", LEASE)).date ?? "";
    return Date.parse(now) - Date.parse(heldAt) >= 3_000;
  });
  const after = await podOf("operator-after");
  const [bare, old, other] = [
    candidate("bare"),
    candidate("old", [], before),
    candidate("other", [], { ...before, POD_UID: after.POD_UID }),
  ];
  const young = candidate("young", [], after);
  await eventually(() => young.leads());
  expect([bare.leads(), old.leads(), other.leads()]).toEqual([false, false, false]);
  expect(await holder()).toBe("young");
}, 40_000);

test("a leader that cannot reach the API server stops leading by its own clock", async () => {
  const leader = candidate("cut-off");
  await eventually(() => leader.leads());
  server.pause();
  await eventually(() => !leader.leads());
  server.resume();
  await eventually(() => leader.leads());
}, 40_000);

test("work that ends by itself releases the Lease, and its failure is reported", async () => {
  const connection = new Connection(loadAccess({ kubeconfig }));
  const options = { identity: "short", leaseDurationMs: 2_000, renewDeadlineMs: 1_200, retryPeriodMs: 100 };
  const election = new LeaderElection(connection, options);
  const failing = election.lead(new AbortController().signal, async () => {
    throw new Error("the work failed");
  });
  await expect(failing).rejects.toThrow("the work failed");
  expect(await holder()).toBe("");
  await connection.close();
}, 30_000);
