import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { signedHeaders } from "../support/caller.ts";
import { type Cluster, countersign, startCluster } from "../support/cluster.ts";
import { eventually } from "../support/events.ts";
import { applicationManifest, grantManifest, namespaceManifest, team } from "../support/manifests.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
}, 180_000);
afterAll(() => cluster?.stop());

const codeOf = (body: string): string => JSON.parse(body).code;

/** What is Ready is in effect: the very first call is accepted. */
async function granted(name: string) {
  const found = await cluster.granted(name);
  expect((await cluster.call(found.call)).status).toBe(200);
  return found;
}

const statusOf = async (namespace: string, name: string) =>
  JSON.parse(await cluster.kubectl("get", "-n", namespace, name, "-o", "json")).status;

const conditionOf = async (namespace: string, name: string, type: string) =>
  (await statusOf(namespace, name)).conditions.find((one: { type: string }) => one.type === type);

const merge = (namespace: string, name: string, spec: object) =>
  cluster.kubectl("patch", "-n", namespace, name, "--type=merge", "-p", JSON.stringify({ spec }));

describe("the three objects", () => {
  const orders = [
    ["domain", "application", "grant"],
    ["domain", "grant", "application"],
    ["application", "domain", "grant"],
    ["application", "grant", "domain"],
    ["grant", "domain", "application"],
    ["grant", "application", "domain"],
  ] as const;
  test.each(orders)(
    "open the API when applied in the order %s, %s, %s",
    async (...order) => {
      const { namespace, host, ...objects } = team(order.map((kind) => kind.slice(0, 3)).join("-"));
      await cluster.apply(namespaceManifest(namespace));
      for (const kind of order) await cluster.apply(objects[kind]);
      await cluster.ready(namespace, "application/mobile-app", "apigrant/partners");
      await cluster.ready("default", `apidomain/${objects.domain.metadata.name}`);
      const credentials = await cluster.credentials(namespace, "mobile-app");
      const answer = await cluster.call({
        host,
        path: "/orders/7?b=2&a=1",
        signedPath: "/orders/7?a=1&b=2",
        credentials,
      });
      expect(answer.status).toBe(200);
      const { headers } = JSON.parse(answer.body);
      expect(headers).toMatchObject({
        "x-countersign-application": `${namespace}/mobile-app`,
        "x-countersign-key-id": credentials.key,
        "x-countersign-api": `${namespace}/orders`,
        "x-countersign-environment": "release",
      });
      expect(headers).not.toHaveProperty("authorization");
    },
    120_000,
  );

  test("show the owner of the caller which APIs may be called", async () => {
    const { namespace } = await granted("views");
    const status = await eventually(async () => {
      const found = await statusOf(namespace, "application/mobile-app");
      return found.grants?.count === 1 && found;
    });
    expect(status.grants.items).toEqual([
      { grant: `${namespace}/partners`, environment: "release", apis: ["orders"] },
    ]);
    expect(status.applicationId).toMatch(/^app-[a-z0-9]{8}$/);
  }, 60_000);
});

describe("access ends", () => {
  test("when the grant is deleted: kubectl delete returns, and the next call gets 403", async () => {
    const { namespace, call } = await granted("ungranted");
    await cluster.kubectl("delete", "-n", namespace, "apigrant/partners");
    const answer = await cluster.call(call);
    expect([answer.status, codeOf(answer.body)]).toEqual([403, "NoApiMatch"]);
  }, 60_000);

  test("when the ApiDomain is deleted: the grants of its hosts are out of effect at once", async () => {
    const { call, namespace } = await granted("domain-deleted");
    await cluster.kubectl("delete", "apidomain/domain-deleted", "--timeout=30s");
    expect(codeOf((await cluster.call(call)).body)).toBe("NoApiMatch");
    const conditions = await eventually(async () => {
      const found = (await statusOf(namespace, "apigrant/partners")).conditions as { reason: string }[];
      return found.some(({ reason }) => reason === "HostNotOwned") && found;
    });
    expect(conditions).toContainEqual(expect.objectContaining({ type: "HostsOwned", status: "False" }));
  });

  test("P41: when the Application is suspended, and resumes when it is not", async () => {
    const { namespace, call } = await granted("suspended");
    await merge(namespace, "application/mobile-app", { suspended: true });
    await cluster.ready(namespace, "application/mobile-app");
    const answer = await cluster.call(call);
    expect([answer.status, codeOf(answer.body)]).toEqual([403, "ApplicationSuspended"]);
    await merge(namespace, "application/mobile-app", { suspended: false });
    await cluster.ready(namespace, "application/mobile-app");
    expect((await cluster.call(call)).status).toBe(200);
  }, 60_000);

  test("P41: when the Application has expired", async () => {
    const { namespace, call } = await granted("expired");
    await merge(namespace, "application/mobile-app", { expiresAt: "2026-01-01T00:00:00Z" });
    await cluster.ready(namespace, "application/mobile-app");
    const answer = await cluster.call(call);
    expect([answer.status, codeOf(answer.body)]).toEqual([403, "ApplicationExpired"]);
  }, 60_000);

  const lifetimes: Record<string, object> = {
    suspended: { suspended: true },
    "expired by expiresAt": { expiresAt: "2026-01-01T00:00:00Z" },
    "not yet in force by notBefore": { notBefore: "2099-01-01T00:00:00Z" },
  };
  test.each(Object.entries(lifetimes))(
    "P41: while the grant is %s",
    async (name, spec) => {
      const { namespace, call } = await granted(`grant-${name.split(" ")[0]}`);
      await merge(namespace, "apigrant/partners", spec);
      await cluster.ready(namespace, "apigrant/partners");
      const answer = await cluster.call(call);
      expect([answer.status, codeOf(answer.body)]).toEqual([403, "ApiNotGranted"]);
    },
    60_000,
  );

  test("P41: when the key is reset by revokedKeys: the old one is refused, and the new one in the Secret is accepted", async () => {
    const { namespace, call, credentials } = await granted("reset");
    await merge(namespace, "application/mobile-app", { credentials: { revokedKeys: [credentials.key] } });
    await cluster.ready(namespace, "application/mobile-app");
    const answer = await cluster.call(call);
    expect([answer.status, codeOf(answer.body)]).toEqual([401, "KeyUnknown"]);
    const next = await cluster.credentials(namespace, "mobile-app");
    expect(next.key).not.toBe(credentials.key);
    expect((await cluster.call({ ...call, credentials: next })).status).toBe(200);
  }, 60_000);

  test("when the Application is deleted: kubectl delete returns, and no verifier knows the key", async () => {
    const { namespace, call } = await granted("deleted");
    await cluster.kubectl("delete", "-n", namespace, "application/mobile-app");
    const answer = await cluster.call(call);
    expect([answer.status, codeOf(answer.body)]).toEqual([401, "KeyUnknown"]);
    await expect(
      cluster.kubectl("get", "-n", "countersign-data", "secret", `application.${namespace}.mobile-app`),
    ).rejects.toThrow(/NotFound/);
  }, 60_000);
});

describe("a grant", () => {
  test("opens the API to a partner of another namespace by its applicationId, and only where the host is owned", async () => {
    const owner = team("partnered");
    const [partners, squatters] = ["team-partner", "team-squatter"];
    await cluster.apply(...[owner.namespace, partners, squatters].map(namespaceManifest));
    await cluster.apply(owner.domain, applicationManifest("caller", partners));
    await cluster.ready(partners, "application/caller");
    const { applicationId } = await statusOf(partners, "application/caller");
    const credentials = await cluster.credentials(partners, "caller");
    const call = { host: owner.host, path: "/orders", credentials };
    const toPartner = { applications: [{ applicationId, namespace: partners }] };

    await cluster.apply(grantManifest("taken", squatters, owner.host, toPartner));
    const refused = await eventually(async () => {
      const found = await conditionOf(squatters, "apigrant/taken", "HostsOwned");
      return found?.status === "False" && found;
    });
    expect(refused.reason).toBe("HostNotOwned");
    expect((await cluster.call(call)).status).toBe(403);

    await cluster.apply(grantManifest("partners", owner.namespace, owner.host, toPartner));
    await cluster.ready(owner.namespace, "apigrant/partners");
    expect((await cluster.call(call)).status).toBe(200);
    const { applications } = await statusOf(owner.namespace, "apigrant/partners");
    expect(applications).toMatchObject({ bound: 1, pending: 0, items: [{ applicationId, state: "Bound" }] });
  }, 90_000);

  test("of / does not open /admin once another grant names it, and does again when that one goes", async () => {
    const { namespace, host, domain, application } = team("specific");
    await cluster.apply(namespaceManifest(namespace));
    await cluster.apply(domain, application, grantManifest("all", namespace, host, {}, "/"));
    await cluster.ready(namespace, "application/mobile-app", "apigrant/all");
    const call = { host, path: "/admin", credentials: await cluster.credentials(namespace, "mobile-app") };
    expect((await cluster.call(call)).status).toBe(200);
    const admins = { applications: [{ name: "somebody-else" }] };
    await cluster.apply(grantManifest("admin", namespace, host, admins, "/admin"));
    await cluster.ready(namespace, "apigrant/admin");
    expect((await cluster.call(call)).status).toBe(403);
    expect((await cluster.call({ ...call, path: "/administrators" })).status).toBe(200);
    await cluster.kubectl("delete", "-n", namespace, "apigrant/admin");
    expect((await cluster.call(call)).status).toBe(200);
  }, 90_000);

  test("P12: of one environment does not open another, whatever the caller signs", async () => {
    const { call } = await granted("environments");
    const answers = await Promise.all(
      ["/test/orders", "/orders"].map((signedPath) =>
        cluster.call({ ...call, path: "/test/orders", signedPath }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([403, 403]);
  }, 60_000);
});

describe("P41: at the proxy it shows", () => {
  let fields: Awaited<ReturnType<typeof granted>>;
  beforeAll(async () => {
    fields = await granted("fields");
  }, 60_000);

  interface Field {
    readonly object: "application/mobile-app" | "apigrant/partners";
    readonly spec: object;
    /** Takes it back. */
    readonly undo: object;
    readonly call: () => object;
    /** How the call is answered without the field, and with it. */
    readonly answers: readonly [number, number];
  }
  const application = (spec: object, undo: object) =>
    ({ object: "application/mobile-app", spec: { signing: spec }, undo: { signing: undo } }) as const;
  const cases: Record<string, Field> = {
    "which algorithms an Application may sign with": {
      ...application({ algorithms: ["hmac-sha512"] }, { algorithms: null }),
      call: () => ({}),
      answers: [200, 401],
    },
    "how far an Application's clock may be off": {
      ...application({ clockSkew: "1m" }, { clockSkew: null }),
      call: () => ({ date: new Date(Date.now() - 300_000) }),
      answers: [200, 401],
    },
    "which open variant an Application accepts": {
      ...application({ openVariants: ["RepeatedNames"] }, { openVariants: null }),
      call: () => ({ path: "/orders?a=1&a=2", signedPath: "/orders?a=1" }),
      answers: [401, 200],
    },
    "how an Application puts values into what it signs": {
      ...application({ parameters: "AsSent" }, { parameters: "Decoded" }),
      call: () => ({ path: "/orders?a=%2B", signedPath: "/orders?a=+" }),
      answers: [200, 401],
    },
    "which methods a grant opens": {
      object: "apigrant/partners",
      spec: { apis: [{ ...team("fields").grant.spec.apis[0], methods: ["POST"] }] },
      undo: { apis: team("fields").grant.spec.apis },
      call: () => ({}),
      answers: [200, 403],
    },
    "which paths a grant opens": {
      object: "apigrant/partners",
      spec: {
        apis: [{ ...team("fields").grant.spec.apis[0], paths: [{ type: "Exact", value: "/orders/7" }] }],
      },
      undo: { apis: team("fields").grant.spec.apis },
      call: () => ({}),
      answers: [200, 403],
    },
  };
  test.each(Object.entries(cases))("%s", async (_, { object, spec, undo, call, answers }) => {
    const statuses: number[] = [];
    for (const change of [undo, spec, undo]) {
      await merge(fields.namespace, object, change);
      await cluster.ready(fields.namespace, object);
      statuses.push((await cluster.call({ ...fields.call, ...call() })).status);
    }
    expect(statuses).toEqual([answers[0], answers[1], answers[0]]);
  });

  test("which plan a grant has", async () => {
    const planOf = async () =>
      JSON.parse((await cluster.call(fields.call)).body).headers["x-countersign-plan"];
    expect(await planOf()).toBeUndefined();
    await merge(fields.namespace, "apigrant/partners", { plan: "gold" });
    await cluster.ready(fields.namespace, "apigrant/partners");
    expect(await planOf()).toBe("gold");
  });

  test("which environment a grant opens, and no other", async () => {
    const { namespace, host } = fields;
    await cluster.apply(grantManifest("testers", namespace, host, { environment: "test" }, "/tested"));
    await cluster.ready(namespace, "apigrant/testers");
    const statuses = await Promise.all(
      ["/test/tested", "/tested", "/test/orders", "/orders"].map((path) =>
        cluster.call({ ...fields.call, path }),
      ),
    );
    expect(statuses.map(({ status }) => status)).toEqual([200, 403, 403, 200]);
  });
});

test("`countersign explain` decides as a verifier of the cluster does, with an administrator's kubeconfig", async () => {
  const { namespace, host, credentials, call } = await granted("explained");
  const lines = Object.entries(signedHeaders({ ...call, port: 0 })).map(
    ([name, value]) => `${name}: ${value}`,
  );
  const file = join(await temporaryFolder("explain"), "request");
  await writeFile(file, `GET /orders HTTP/1.1\r\nHost: ${host}\r\n${lines.join("\r\n")}\r\n\r\n`);
  const args = ["explain", "--request", file, "--kubeconfig", cluster.server.kubeconfig, "-o", "json"];
  const program = countersign(args);
  expect([await program.ended, program.output]).toEqual([0, expect.any(String)]);
  expect(JSON.parse(program.stdout)).toMatchObject({ decision: "allow", grant: `${namespace}/partners` });
  expect(program.output).not.toContain(credentials.secret);
}, 60_000);

test("P31: neither operator nor verifier has printed a secret, at log level debug", async () => {
  const { namespace, credentials } = await granted("quiet");
  const projection = await cluster.kubectl(
    ...["get", "-n", "countersign-data", "secret", `application.${namespace}.mobile-app`, "-o", "json"],
  );
  const stored = JSON.parse(Buffer.from(JSON.parse(projection).data["projection.json"], "base64").toString());
  const secrets = stored.keys.map((key: { apiAppSecret: string }) => key.apiAppSecret);
  expect(secrets).toContain(credentials.secret);
  for (const output of [cluster.operator.output, cluster.verifier.output]) {
    expect(output.length).toBeGreaterThan(100);
    for (const secret of secrets) {
      expect(output).not.toContain(secret);
      expect(output).not.toContain(Buffer.from(secret).toString("base64").slice(0, 20));
    }
  }
}, 60_000);

test("the operator's metrics count keys, objects and verifiers", async () => {
  await granted("figures");
  const text = await (await fetch(`${cluster.operator.metricsUrl}/metrics`)).text();
  const value = (series: string) => Number(text.split(`\n${series} `)[1]?.split("\n")[0]);
  expect(value('countersign_keys{state="Active"}')).toBeGreaterThan(0);
  expect(value('countersign_objects{kind="ApiGrant",ready="True"}')).toBeGreaterThan(0);
  expect(value('countersign_verifiers{state="live"}')).toBe(1);
  expect(text).toMatch(/^countersign_acknowledgement_lag_seconds\{verifier="verifier-0\.[^"]+"\} /m);
  expect(value("countersign_operator_leading")).toBe(1);
});
