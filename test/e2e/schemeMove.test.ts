import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { stringify } from "yaml";
import type { SchemeName } from "../../src/api/vocabulary.ts";
import { ApiClient } from "../support/apiClient.ts";
import { type BothShapes, startBothShapes } from "../support/bothShapes.ts";
import { type Cluster, startCluster } from "../support/cluster.ts";
import { eventually } from "../support/events.ts";
import { applicationManifest, team } from "../support/manifests.ts";
import { type MoveCall, MovingCallers, sendUnder } from "../support/movingCallers.ts";

const OLD = "Tencent";
const NEW = "HTTPMessageSignatures";
const CALLERS = 6;
const { namespace, host, domain, grant } = team("move");

/** What an owner of an Application does and sees. */
interface Installation {
  readonly call: MoveCall;
  readonly metricsUrl: string;
  /** Resolves when the list is in effect. */
  setSchemes(schemes: readonly SchemeName[]): Promise<void>;
  stop(): Promise<void>;
}

/** Verified requests under the scheme, by `countersign_scheme_total`. */
async function used(metricsUrl: string, scheme: SchemeName): Promise<number> {
  const text = await (await fetch(`${metricsUrl}/metrics`)).text();
  const line = text
    .split("\n")
    .find(
      (one) =>
        one.startsWith("countersign_scheme_total{") &&
        one.includes(`application="${namespace}/mobile-app"`) &&
        one.includes(`scheme="${scheme}"`),
    );
  return Number(line?.split(" ").at(-1) ?? 0);
}

function application(schemes: readonly SchemeName[]) {
  return applicationManifest("mobile-app", namespace, { signing: { schemes } });
}

async function standalone(): Promise<Installation> {
  const served: BothShapes = await startBothShapes(namespace, [domain, application([OLD]), grant]);
  const port = await served.envoys.raw.listenerPort("in");
  const call = { port, path: "/orders", host, credentials: served.pair };
  return {
    ...{ call, metricsUrl: served.metricsUrl, stop: served.stop },
    async setSchemes(schemes) {
      const text = [domain, application(schemes), grant].map((one) => stringify(one)).join("---\n");
      await writeFile(join(served.folder, "next.yaml"), text);
      await rename(join(served.folder, "next.yaml"), join(served.folder, "yaml/all.yaml"));
      for (const scheme of [OLD, NEW] as const)
        await eventually(
          async () => (await sendUnder(scheme, call)).startsWith("200") === schemes.includes(scheme),
        );
    },
  };
}

async function inCluster(): Promise<Installation> {
  const cluster: Cluster = await startCluster();
  const api = new ApiClient(cluster.server.kubeconfig);
  const { call } = await cluster.granted("move");
  await cluster.until(200, call);
  return {
    call: { ...call, port: cluster.port },
    metricsUrl: cluster.verifier.metricsUrl,
    async setSchemes(schemes) {
      const { metadata } = await api.patchApplication(namespace, "mobile-app", { signing: { schemes } });
      await eventually(async () => {
        const { status } = await api.application(namespace, "mobile-app");
        const found = status?.conditions?.find(({ type }) => type === "Programmed");
        return found?.status === "True" && found.observedGeneration === metadata.generation;
      });
    },
    async stop() {
      await api.close();
      await cluster.stop();
    },
  };
}

describe.each([
  ["standalone", standalone],
  ["operator and verifier", inCluster],
] as const)("through Envoy, with %s", (_, start) => {
  let installation: Installation;
  let callers: MovingCallers;
  beforeAll(async () => {
    installation = await start();
    callers = new MovingCallers(CALLERS, OLD, installation.call);
  }, 180_000);
  afterAll(async () => {
    await callers?.stop();
    await installation?.stop();
  });

  test(`${CALLERS} callers move to another scheme one by one, and none of their requests is denied until the old one is closed`, async () => {
    const { setSchemes, metricsUrl, call } = installation;
    const usedOnAndOn = async (scheme: SchemeName) => {
      const before = await used(metricsUrl, scheme);
      await callers.callOn(10);
      return (await used(metricsUrl, scheme)) - before;
    };
    await callers.callOn(10);
    expect(await used(metricsUrl, NEW)).toBe(0);
    await setSchemes([OLD, NEW]);
    await callers.moveTo(NEW, async () => {
      expect(await usedOnAndOn(OLD)).toBeGreaterThan(0);
    });
    expect(callers.denials).toEqual([]);
    expect(await usedOnAndOn(OLD)).toBe(0);
    expect(await usedOnAndOn(NEW)).toBeGreaterThan(0);
    await setSchemes([NEW]);
    await callers.callOn(20);
    expect(callers.denials).toEqual([]);
    expect(await sendUnder(OLD, call)).toMatch(/^401 .*"code":"KeyUnknown"/);
    expect(await sendUnder(NEW, call)).toBe("200");
  }, 180_000);
});
