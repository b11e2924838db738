import { setTimeout as after } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Credentials, send } from "../support/caller.ts";
import { type Cluster, startCluster } from "../support/cluster.ts";
import { eventually } from "../support/events.ts";
import { applicationManifest, namespaceManifest, team } from "../support/manifests.ts";

let cluster: Cluster;
const { namespace, host, domain, application, grant } = team("outage");
let credentials: Credentials;
beforeAll(async () => {
  cluster = await startCluster();
  await cluster.apply(namespaceManifest(namespace));
  await cluster.apply(domain, application, grant);
  await cluster.ready(namespace, "application/mobile-app", "apigrant/partners");
  credentials = await cluster.credentials(namespace, "mobile-app");
}, 180_000);
afterAll(() => cluster?.stop());

const call = () => ({ host, path: "/orders", credentials });
const codeOf = (body: string): string => JSON.parse(body).code;
const suspend = (suspended: boolean) =>
  cluster.kubectl(
    ...["patch", "-n", namespace, "application/mobile-app", "--type=merge"],
    ...["-p", JSON.stringify({ spec: { suspended } })],
  );

describe("while the API server is away", () => {
  test("the verifier decides on, and changes arrive again once it is back", async () => {
    await cluster.server.kill();
    expect((await cluster.call(call())).status).toBe(200);
    expect((await cluster.call({ ...call(), credentials: { ...credentials, secret: "x" } })).status).toBe(
      401,
    );
    await cluster.server.start();
    await suspend(true);
    expect(codeOf((await cluster.until(403, call())).body)).toBe("ApplicationSuspended");
    await suspend(false);
    await cluster.until(200, call());
  }, 120_000);

  test("P25: a verifier that was started without it is not ready, and refuses everything with 503", async () => {
    const late = await cluster.createVerifier("verifier-late");
    const envoy = await cluster.startEnvoyFor(late);
    await cluster.server.kill();
    await late.start();
    const port = await envoy.listenerPort("in");
    const seen = cluster.upstream.seen.length;
    const answer = await send({ ...call(), port });
    expect(answer.status).toBe(503);
    expect(cluster.upstream.seen).toHaveLength(seen);
    expect((await fetch(`${late.metricsUrl}/readyz`)).status).toBe(503);
    await cluster.server.start();
    await late.ready();
    await eventually(async () => (await send({ ...call(), port })).status === 200);
    await envoy.stop();
    await late.stop();
  }, 120_000);

  test("P26: a verifier refuses everything with 503 once it was without contact for longer than maxStaleness", async () => {
    const short = await cluster.createVerifier("verifier-short", ["--max-staleness", "4s"]);
    const envoy = await cluster.startEnvoyFor(short);
    await short.start();
    await short.ready();
    const port = await envoy.listenerPort("in");
    await eventually(async () => (await send({ ...call(), port })).status === 200);
    cluster.server.pause();
    const answer = await eventually(
      async () => {
        const got = await send({ ...call(), port });
        return got.status === 503 && got;
      },
      { timeoutMs: 30_000 },
    );
    expect(answer.body).not.toContain("x-countersign");
    cluster.server.resume();
    await eventually(async () => (await send({ ...call(), port })).status === 200, { timeoutMs: 60_000 });
    await envoy.stop();
    await short.stop();
  }, 150_000);
});

describe("deleted means refused", () => {
  test("a deletion waits for a verifier that does not answer, and the condition names it", async () => {
    const frozen = await cluster.createVerifier("verifier-frozen");
    await frozen.start();
    await frozen.ready();
    await cluster.apply(applicationManifest("short-lived", namespace));
    await cluster.ready(namespace, "application/short-lived");
    await frozen.stop("SIGKILL");
    await cluster.kubectl("delete", "-n", namespace, "application/short-lived", "--wait=false");
    const message = await eventually(async () => {
      const text = await cluster.kubectl("get", "-n", namespace, "application/short-lived", "-o", "json");
      const { conditions } = JSON.parse(text).status;
      return conditions.find((one: { type: string; reason: string }) => one.reason === "WaitingForVerifiers")
        ?.message;
    });
    expect(message).toContain("verifier-frozen");
    await frozen.start();
    await cluster.kubectl(
      "wait",
      "-n",
      namespace,
      "--for=delete",
      "application/short-lived",
      "--timeout=60s",
    );
    await frozen.stop();
  }, 120_000);
});

test("P23: without the verifier's process Envoy answers 503, and the upstream sees nothing", async () => {
  const before = cluster.upstream.seen.length;
  await cluster.verifier.stop("SIGKILL");
  const answers = await Promise.all([cluster.call(call()), cluster.call({ host, path: "/orders" })]);
  expect(answers.map(({ status }) => status)).toEqual([503, 503]);
  expect(cluster.upstream.seen).toHaveLength(before);
  await cluster.verifier.start();
  await cluster.until(200, call());
}, 120_000);

test("operator and verifier can be killed at any moment: no key is lost, changed or given twice", async () => {
  const seen = new Map<string, Credentials>([["mobile-app", credentials]]);
  const names = ["mobile-app"];
  for (let round = 0; round < 20; round++) {
    const name = `app-${round}`;
    names.push(name);
    await cluster.apply(applicationManifest(name, namespace));
    await after(Math.random() * 1_500);
    const victims = [cluster.operator, cluster.verifier].filter(
      (_, index) => round % 3 === 2 || round % 2 === index,
    );
    await Promise.all(victims.map((victim) => victim.stop("SIGKILL")));
    await note(seen, names);
    await Promise.all(victims.map((victim) => victim.start()));
  }
  await cluster.ready(namespace, ...names.map((name) => `application/${name}`));
  await note(seen, names);
  expect(seen.size).toBe(21);
  expect(new Set([...seen.values()].map(({ key }) => key)).size).toBe(21);
  expect((await cluster.until(200, call())).status).toBe(200);
  const answers = await Promise.all(
    [...seen.values()].map((one) => cluster.call({ ...call(), credentials: one })),
  );
  // All keys verify: a caller without a grant is denied as an Application, not as an unknown key.
  const codes = answers.map(({ status, body }) => (status === 403 ? codeOf(body) : status));
  expect(codes).toEqual([200, ...names.slice(1).map(() => "ApiNotGranted")]);
}, 400_000);

/** A key pair that was once readable must stay as it was. */
async function note(seen: Map<string, Credentials>, names: readonly string[]): Promise<void> {
  const text = await cluster.kubectl("get", "secrets", "-n", namespace, "-o", "json");
  const present = new Set(
    (JSON.parse(text).items as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name),
  );
  for (const name of names) {
    if (!present.has(`${name}-credentials`)) {
      expect(seen.has(name)).toBe(false);
      continue;
    }
    const now = await cluster.credentials(namespace, name);
    expect(now).toEqual(seen.get(name) ?? now);
    seen.set(name, now);
  }
}
