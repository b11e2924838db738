import { setTimeout as after } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import type { ApplicationProjection } from "../../src/projection/documents.ts";
import { ApiClient } from "../support/apiClient.ts";
import { type Answered, type ApiProxy, type Fate, type Passing, startApiProxy } from "../support/apiProxy.ts";
import type { Call, Credentials } from "../support/caller.ts";
import { type Cluster, OperatorProcess, startCluster } from "../support/cluster.ts";
import { eventually } from "../support/events.ts";
import { applicationManifest, namespaceManifest, team } from "../support/manifests.ts";

let cluster: Cluster;
let api: ApiClient;
/** The ways of the operator and of the verifier to the API server. */
let operatorWay: ApiProxy;
let verifierWay: ApiProxy;
/** A call that nothing ever withdraws the leave for. */
let steady: Omit<Call, "port">;

beforeAll(async () => {
  cluster = await startCluster(async (server) => {
    [operatorWay, verifierWay] = [await startApiProxy(server), await startApiProxy(server)];
    return { operator: operatorWay.url, verifier: verifierWay.url, leaderLease: "15s" };
  });
  api = new ApiClient(cluster.server.kubeconfig);
  steady = (await granted("steady")).call;
}, 180_000);
afterEach(heal);
afterAll(async () => {
  await cluster?.operator.stop("SIGKILL");
  await cluster?.verifier.stop("SIGKILL");
  await operatorWay?.stop();
  await verifierWay?.stop();
  await api?.close();
  await cluster?.stop();
});

function heal(): void {
  for (const way of [operatorWay, verifierWay]) {
    way.before = async () => undefined;
    way.after = async () => undefined;
  }
}

/** From now on this fate applies to the requests of both; their open watches are cut, so that it applies to watches too. */
function befall(fate: (passing: Passing) => Promise<Fate>): void {
  for (const way of [operatorWay, verifierWay]) {
    way.before = fate;
    way.cut();
  }
}

const refusal = (code: number, reason: string, headers = {}): Answered => ({
  status: code,
  headers,
  body: JSON.stringify({ kind: "Status", apiVersion: "v1", status: "Failure", code, reason }),
});
const isWatch = ({ path }: Passing) => /[?&]watch=true/.test(path);
const isListOf = (resource: string, passing: Passing) =>
  passing.method === "GET" && passing.path.startsWith(`${resource}?`) && /limit=\d{3,}/.test(passing.path);

/** A team whose Application is granted `/orders`, and is answered with 200. */
async function granted(name: string) {
  const found = await cluster.granted(name);
  await cluster.until(200, found.call);
  return found;
}

const suspend = (namespace: string) => api.patchApplication(namespace, "mobile-app", { suspended: true });

async function projectionOf(namespace: string, name: string) {
  const text = await cluster.kubectl(
    ...["get", "secret", "-n", "countersign-data", `application.${namespace}.${name}`, "-o", "json"],
  );
  const { metadata, data } = JSON.parse(text);
  const document = JSON.parse(Buffer.from(data["projection.json"], "base64").toString());
  return { version: metadata.resourceVersion, document: document as ApplicationProjection };
}

/** Calls again and again; `stop` answers with which statuses. */
function calling(call: Omit<Call, "port">) {
  const statuses = new Map<number, number>();
  let isStopped = false;
  const running = (async () => {
    while (!isStopped) {
      const { status } = await cluster.call(call);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      await after(5);
    }
  })();
  const stop = async () => {
    isStopped = true;
    await running;
    return [...statuses.keys()];
  };
  return { statuses, stop };
}

describe("callers are served on, and what was asked for comes to be, while", () => {
  const faults: Record<string, () => (passing: Passing) => Promise<Fate>> = {
    "watches are answered 410": () => {
      let left = 20;
      return async (passing) => (isWatch(passing) && left-- > 0 ? refusal(410, "Expired") : undefined);
    },
    "every third request is answered 429": () => {
      let count = 0;
      return async () =>
        count++ % 3 === 0 ? refusal(429, "TooManyRequests", { "retry-after": "1" }) : undefined;
    },
    "each answer takes two seconds": () => async () => {
      await after(2_000);
      return undefined;
    },
  };
  test.each(Object.entries(faults))(
    "%s",
    async (name, fault) => {
      const word = name.replaceAll(/\W/g, "-").toLowerCase();
      const old = await granted(`${word}-old`);
      const { stop } = calling(steady);
      befall(fault());
      await Promise.all([granted(word), suspend(old.namespace).then(() => cluster.until(403, old.call))]);
      expect(await stop()).toEqual([200]);
      expect(await cluster.credentials(old.namespace, "mobile-app")).toEqual(old.credentials);
    },
    180_000,
  );

  test("connections are reset, watches too, several times a second", async () => {
    const old = await granted("reset-old");
    const { stop } = calling(steady);
    const timer = setInterval(() => befall(async () => undefined), 300);
    try {
      await Promise.all([granted("reset"), suspend(old.namespace).then(() => cluster.until(403, old.call))]);
    } finally {
      clearInterval(timer);
    }
    expect(await stop()).toEqual([200]);
    expect(await cluster.credentials(old.namespace, "mobile-app")).toEqual(old.credentials);
  }, 180_000);
});

// It lasts until the leader has given up, in which time every back-off has grown.
test("while every request is answered 500 callers are served on, and afterwards all that was asked for meanwhile comes to be", async () => {
  const old = await granted("outage-old");
  const { namespace, host, domain, application, grant } = team("outage");
  const { stop } = calling(steady);
  const seen = new Set<string>();
  befall(async ({ method, path }) => {
    seen.add(`${method} ${isWatch({ method, path, body: "" }) ? "watch" : ""}`);
    return refusal(500, "InternalError");
  });
  const givenUp = () => cluster.operator.output.split("not leading").length;
  const before = givenUp();
  await cluster.apply(namespaceManifest(namespace));
  await cluster.apply(domain, application, grant);
  await suspend(old.namespace);
  await eventually(() => givenUp() > before, { timeoutMs: 60_000 });
  expect((await cluster.call(old.call)).status).toBe(200);
  expect([...seen]).toEqual(expect.arrayContaining(["GET ", "PUT "]));
  heal();
  await cluster.ready(namespace, "application/mobile-app", "apigrant/partners");
  const credentials = await cluster.credentials(namespace, "mobile-app");
  await Promise.all([
    cluster.until(200, { host, path: "/orders", credentials }),
    cluster.until(403, old.call),
  ]);
  expect(await stop()).toEqual([200]);
  expect(await cluster.credentials(old.namespace, "mobile-app")).toEqual(old.credentials);
}, 180_000);

test("a second writer on status that is always faster does not keep an Application from its key, and the status is right once that writer stops", async () => {
  const namespace = "team-storm";
  const status = `/namespaces/${namespace}/applications/mobile-app/status`;
  let left = 8;
  operatorWay.before = async ({ method, path }) => {
    if (method === "PUT" && path.includes(status) && left > 0) {
      left -= 1;
      const patch = JSON.stringify({ status: { secretName: `storm-${left}` } });
      await cluster.kubectl(
        ...[
          "patch",
          "-n",
          namespace,
          "application/mobile-app",
          "--subresource=status",
          "--type=merge",
          "-p",
          patch,
        ],
      );
    }
    return undefined;
  };
  await cluster.apply(namespaceManifest(namespace));
  await cluster.apply(applicationManifest("mobile-app", namespace));
  const credentials = await eventually(() => cluster.credentials(namespace, "mobile-app"));
  expect(left).toBeGreaterThan(0);
  await cluster.ready(namespace, "application/mobile-app");
  expect(left).toBe(0);
  expect((await api.application(namespace, "mobile-app")).status?.secretName).toBe("mobile-app-credentials");
  expect(await cluster.credentials(namespace, "mobile-app")).toEqual(credentials);
}, 120_000);

/** The verifier's Lease. */
async function lease(): Promise<{ readonly uid: string; readonly applied: string } | undefined> {
  const { items } = JSON.parse(
    await cluster.kubectl("get", "leases", "-n", "countersign-data", "-o", "json"),
  );
  const [{ metadata } = { metadata: undefined }] = items;
  return metadata && { uid: metadata.uid, applied: metadata.annotations["countersign.dev/applied"] };
}

test("a verifier that gets no response to the writes of its Lease for a while keeps serving, and keeps reporting what it applied", async () => {
  const { stop } = calling(steady);
  let lost = 0;
  verifierWay.after = async ({ method, path }) => {
    const isLost = method === "PUT" && path.includes("/leases/") && lost < 3;
    lost += isLost ? 1 : 0;
    return isLost ? "lost" : undefined;
  };
  await granted("lost-responses");
  // The Lease is renewed even if nothing changes.
  await eventually(() => lost === 3);
  expect(await stop()).toEqual([200]);
}, 120_000);

test("a verifier whose Lease is deleted by hand registers again, and serves again", async () => {
  const before = await lease();
  await cluster.kubectl("delete", "lease", "-n", "countersign-data", "--all");
  const now = await eventually(async () => ((await lease())?.applied ? await lease() : undefined), {
    timeoutMs: 60_000,
  });
  expect(now.uid).not.toBe(before?.uid);
  expect(cluster.verifier.output).toContain("rejoining the cluster");
  await cluster.until(200, steady);
}, 120_000);

/** Keeps the response of the next list and of each later one; resolves with the first. */
async function snapshotOf(way: ApiProxy, resource: string): Promise<Answered> {
  let kept: Answered | undefined;
  way.after = async (passing, answer) => {
    if (isListOf(resource, passing) && answer.status === 200) kept = answer;
    return undefined;
  };
  way.cut();
  return await eventually(() => kept);
}

/** Lists of the resource return the stale snapshot, and its watches fail; returns a counter of the lists. */
function fromThePast(way: ApiProxy, resource: string, snapshot: Answered, note = (_: Passing) => {}) {
  const past = { lists: 0 };
  way.before = async (passing) => {
    note(passing);
    if (!passing.path.startsWith(resource)) return undefined;
    if (isWatch(passing)) return refusal(500, "InternalError");
    if (!isListOf(resource, passing)) return undefined;
    past.lists += 1;
    return snapshot;
  };
  way.cut();
  return past;
}

test("P26: a verifier that is listed the past does not decide on it, and refuses until it is listed the present", async () => {
  const { namespace, credentials, call } = await granted("past");
  const projections = "/api/v1/namespaces/countersign-data/secrets";
  const snapshot = await snapshotOf(verifierWay, projections);
  const revocation = { credentials: { revokedKeys: [credentials.key] } };
  await api.patchApplication(namespace, "mobile-app", revocation);
  await cluster.until(401, call);
  const { statuses, stop } = calling(call);
  const past = fromThePast(verifierWay, projections, snapshot);
  await eventually(() => past.lists >= 3 && statuses.has(503), { timeoutMs: 60_000 });
  expect((await stop()).filter((status) => status < 400)).toEqual([]);
  heal();
  await cluster.until(401, call);
  await cluster.until(200, steady);
}, 120_000);

test("P26: an operator that is listed the past withdraws nothing, revives nothing, and gives no key twice", async () => {
  const { namespace, call } = await granted("history");
  const applications = "/apis/countersign.dev/v1alpha1/applications";
  const snapshot = await snapshotOf(operatorWay, applications);
  await suspend(namespace);
  await cluster.apply(applicationManifest("young", namespace));
  await cluster.ready(namespace, "application/mobile-app", "application/young");
  const now = () => Promise.all(["mobile-app", "young"].map((name) => projectionOf(namespace, name)));
  const before = await now();
  const reads = new Set<string>();
  fromThePast(operatorWay, applications, snapshot, ({ method, path }) => {
    if (method === "GET" && path.includes(`/${namespace}/`)) reads.add(path.slice(path.lastIndexOf("/") + 1));
  });
  // It would withdraw the one and revive the other, and looks first.
  await eventually(() => reads.has("young") && reads.has("mobile-app"), { timeoutMs: 60_000 });
  expect((await cluster.call(call)).status).toBe(403);
  heal();
  operatorWay.cut();
  await cluster.ready(namespace, "application/mobile-app", "application/young");
  expect(await now()).toEqual(before);
}, 120_000);

describe("two operators that both believe they lead", () => {
  let second: OperatorProcess;
  let way: ApiProxy;
  const held = Promise.withResolvers<void>();
  /** Objects that the second one looked at once more before a write. */
  const reads = new Set<string>();

  /** It leads by a Lease that only it sees, and hears nothing of Applications after its first list until it is let. */
  beforeAll(async () => {
    way = await startApiProxy(cluster.server);
    let version = 0;
    way.before = async (passing) => {
      const { method, path, body } = passing;
      if (/\/namespaces\/countersign-system\/leases/.test(path)) {
        if (method === "GET") return { ...refusal(404, "NotFound"), body: NO_LEASE };
        const lease = JSON.parse(body);
        const metadata = { ...lease.metadata, uid: "its-own", resourceVersion: String(++version) };
        return { status: method === "POST" ? 201 : 200, body: JSON.stringify({ ...lease, metadata }) };
      }
      if (isWatch(passing) && path.startsWith("/apis/countersign.dev/v1alpha1/applications"))
        await held.promise;
      if (method === "GET" && /\/applications\/[^/?]+$/.test(path))
        reads.add(path.slice(path.lastIndexOf("/") + 1));
      return undefined;
    };
    const kubeconfig = await cluster.server.kubeconfigFor(
      ...(["countersign-system", "countersign-operator", undefined, way.url] as const),
    );
    second = new OperatorProcess(kubeconfig, "15s");
  });
  afterAll(async () => {
    held.resolve();
    await second?.stop("SIGKILL");
    await way?.stop();
  });
  const NO_LEASE = JSON.stringify({
    ...{ kind: "Status", apiVersion: "v1", status: "Failure", code: 404, reason: "NotFound" },
    details: { name: "countersign-operator", kind: "leases" },
  });

  test("give each Application one id and one key, undo nothing, and end with the same", async () => {
    const { namespace, credentials, call } = await granted("leaders");
    await second.start();
    await eventually(() => second.output.includes('"msg":"reconciling"'), { timeoutMs: 60_000 });
    const names = Array.from({ length: 8 }, (_, index) => `app-${index}`);
    await suspend(namespace);
    await cluster.apply(...names.map((name) => applicationManifest(name, namespace)));
    const applications = ["mobile-app", ...names].map((name) => `application/${name}`);
    await cluster.ready(namespace, ...applications);
    const pairs = async () => {
      const found = new Map<string, Credentials>();
      for (const name of names) found.set(name, await cluster.credentials(namespace, name));
      return found;
    };
    const before = await pairs();
    // The second one sees projections of Applications that it does not know, and one whose suspension it does not know.
    await eventually(() => ["mobile-app", ...names].every((name) => reads.has(name)), { timeoutMs: 60_000 });
    expect((await cluster.call(call)).status).toBe(403);
    held.resolve();
    way.cut();
    await api.patchApplication(namespace, "mobile-app", { suspended: false });
    await cluster.until(200, call);
    await cluster.ready(namespace, ...applications);
    expect(await pairs()).toEqual(before);
    expect(await cluster.credentials(namespace, "mobile-app")).toEqual(credentials);
    const documents = await Promise.all(names.map((name) => projectionOf(namespace, name)));
    expect(documents.map(({ document: { keys } }) => keys.map(({ apiAppKey }) => apiAppKey))).toEqual(
      names.map((name) => [before.get(name)?.key]),
    );
    expect(new Set(documents.map(({ document }) => document.applicationId)).size).toBe(names.length);
  }, 180_000);
});
