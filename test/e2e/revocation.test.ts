import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Condition } from "../../src/api/meta.ts";
import { ApiClient } from "../support/apiClient.ts";
import { type Call, send } from "../support/caller.ts";
import { type Cluster, startCluster, type VerifierProcess } from "../support/cluster.ts";
import { type CutOff, startCutOff } from "../support/cutOff.ts";
import type { EnvoyProcess } from "../support/envoyProcess.ts";
import { eventually } from "../support/events.ts";

let cluster: Cluster;
let api: ApiClient;
let way: CutOff;
let far: VerifierProcess;
/** Knows the far verifier alone; the cluster's own Envoy knows the near one alone. */
let farEnvoy: EnvoyProcess;
let farPort: number;
beforeAll(async () => {
  cluster = await startCluster();
  api = new ApiClient(cluster.server.kubeconfig);
  way = await startCutOff(cluster.server.url);
  far = await cluster.createVerifier("verifier-far", ["--max-staleness", "5s"], way.url);
  await far.start();
  await far.ready();
  farEnvoy = await cluster.startEnvoyFor(far);
  farPort = await farEnvoy.listenerPort("in");
}, 180_000);
afterAll(async () => {
  await farEnvoy?.stop();
  await far?.stop("SIGKILL");
  await way?.stop();
  await api?.close();
  await cluster?.stop();
});

/** A team whose key both verifiers accept. */
async function granted(name: string) {
  const found = await cluster.granted(name);
  await cluster.until(200, found.call);
  await farUntil(200, found.call);
  return found;
}

const farUntil = (status: number, call: Omit<Call, "port">) =>
  eventually(async () => (await send({ ...call, port: farPort })).status === status, { timeoutMs: 60_000 });

/** Calls through the far verifier again and again, and keeps when each answer came; a call that fails counts as 0. */
function watchFar(call: Omit<Call, "port">) {
  const answers: { readonly status: number; readonly at: number }[] = [];
  let isStopped = false;
  const running = (async () => {
    while (!isStopped) {
      const { status } = await send({ ...call, port: farPort }).catch(() => ({ status: 0 }));
      answers.push({ status, at: performance.now() });
    }
  })();
  const stop = () => {
    isStopped = true;
    return running;
  };
  return { answers, stop };
}

/** Resolves once the condition names the verifier that the object waits for. */
async function farIsWaitedFor(namespace: string, name: string): Promise<void> {
  const waiting = await eventually(async () => {
    const object = JSON.parse(await cluster.kubectl("get", "-n", namespace, name, "-o", "json"));
    const { conditions } = object.status as { conditions: readonly Condition[] };
    return conditions.find(({ type, message }) => type === "Programmed" && message.includes("verifier-far."));
  });
  expect(waiting).toMatchObject({ status: "False", reason: "WaitingForVerifiers" });
}

/** Revokes the key; resolves once a condition of the Application reports the change as programmed. */
async function revoke(namespace: string, key: string): Promise<void> {
  const credentials = { revokedKeys: [key] };
  const { generation } = (await api.patchApplication(namespace, "mobile-app", { credentials })).metadata;
  await eventually(
    async () => {
      const { status } = await api.application(namespace, "mobile-app");
      const found = status?.conditions?.find(({ type }) => type === "Programmed");
      return found?.status === "True" && found.observedGeneration === generation;
    },
    { timeoutMs: 60_000 },
  );
}

interface Way {
  readonly object: string;
  /** How those are refused who know of it. */
  readonly refusal: number;
  /** Resolves when a condition or a finished deletion reports it as done. */
  readonly end: (namespace: string, key: string) => Promise<unknown>;
}

const ways: Record<string, Way> = {
  "the Application is deleted": {
    object: "application/mobile-app",
    refusal: 401,
    end: (namespace) => cluster.kubectl("delete", "-n", namespace, "application/mobile-app"),
  },
  "the grant is deleted": {
    object: "apigrant/partners",
    refusal: 403,
    end: (namespace) => cluster.kubectl("delete", "-n", namespace, "apigrant/partners"),
  },
  "the key is revoked": { object: "application/mobile-app", refusal: 401, end: revoke },
};

describe("a verifier that is cut off from the API server allows no request any more once the operator reports that", () => {
  test.each(Object.entries(ways))(
    "%s; until then the condition names the verifier",
    async (name, { object, refusal, end }) => {
      const { namespace, credentials, call } = await granted(name.replaceAll(" ", "-").toLowerCase());
      const { answers, stop } = watchFar(call);
      let endedAt = Number.POSITIVE_INFINITY;
      try {
        way.cut();
        const ended = end(namespace, credentials.key).then(() => {
          endedAt = performance.now();
        });
        await Promise.all([ended, farIsWaitedFor(namespace, object)]);
        // The far verifier has fenced itself; the near one knows.
        await eventually(() => answers.filter(({ at }) => at > endedAt).length >= 20);
        expect((await cluster.call(call)).status).toBe(refusal);
        way.restore();
        await farUntil(refusal, call);
      } finally {
        way.restore();
        await stop();
      }
      const accepted = answers.filter(({ status }) => status === 200);
      expect(accepted.length).toBeGreaterThan(0);
      expect(accepted.filter(({ at }) => at > endedAt)).toEqual([]);
      expect(answers.find(({ at }) => at > endedAt)?.status).toBe(503);
    },
    120_000,
  );
});
