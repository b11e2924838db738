import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { stringify } from "yaml";
import { TRANSPORTS } from "../../src/verifier/transport/transport.ts";
import { type Credentials, send } from "../support/caller.ts";
import { Authority, type Pair } from "../support/certificates.ts";

import { countersign, startEnvoyFor } from "../support/cluster.ts";
import type { EnvoyProcess } from "../support/envoyProcess.ts";
import { eventually } from "../support/events.ts";
import { team } from "../support/manifests.ts";
import { ENVOY_NAME, Mtls, VERIFIER_NAME } from "../support/mtls.ts";
import { SteadyCaller } from "../support/steadyCaller.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";

const { namespace, host, domain, application, grant } = team("mtls");
const path = "/orders";
let folder: string;
let upstream: Upstream;
let credentials: Credentials;
const stops: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  folder = await temporaryFolder("mtls");
  await mkdir(join(folder, "yaml"));
  const yaml = [domain, application, grant].map((object) => stringify(object)).join("---\n");
  await writeFile(join(folder, "yaml/all.yaml"), yaml);
  upstream = await startUpstream();
}, 60_000);
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
}, 60_000);
afterAll(async () => {
  await upstream?.stop();
});

/** `countersign standalone` with mTLS, and an Envoy that knows it. */
async function started(flags: readonly string[] = []) {
  const mtls = await Mtls.create();
  stops.push(() => mtls.remove());
  const program = countersign(
    [
      ...["standalone", "yaml", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"],
      ...mtls.verifierFlags,
      ...flags,
    ],
    {},
    folder,
  );
  stops.push(() => program.stop());
  const [, grpc, metrics] = await program.waitFor(/^ready +gRPC \S+:(\d+) +metrics (\S+)/m, 60_000);
  const port = Number(grpc);
  credentials ??= await readCredentials();
  const envoy = await envoyFor(port, mtls);
  const call = { port: await envoy.listenerPort("in"), host, path };
  await eventually(async () => (await send({ ...call, credentials })).status === 200);
  return { mtls, port, program, envoy, call, metric: metricsAt(String(metrics)) };
}

async function envoyFor(port: number, mtls?: Mtls): Promise<EnvoyProcess> {
  const envoy = await startEnvoyFor([port], upstream.port, mtls);
  stops.push(() => envoy.stop());
  return envoy;
}

async function readCredentials(): Promise<Credentials> {
  const file = join(folder, ".countersign/credentials", namespace, "mobile-app-credentials.yaml");
  const text = await readFile(file, "utf8");
  const value = (field: string) => new RegExp(`${field}: (\\S+)`).exec(text)?.[1] ?? "";
  return { key: value("ApiAppKey"), secret: value("ApiAppSecret") };
}

const metricsAt = (address: string) => async (series: string) => {
  const text = await (await fetch(`http://${address}/metrics`)).text();
  return Number(
    text
      .split("\n")
      .find((line) => line.startsWith(`${series} `))
      ?.split(" ")[1],
  );
};

/** A counter of Envoy's cluster of verifiers. */
async function stat({ adminUrl }: EnvoyProcess, name: string): Promise<number> {
  const text = await (await fetch(`${adminUrl}/stats?filter=^cluster.countersign.${name}$`)).text();
  return Number(text.split(": ")[1]);
}

const reloads = 'countersign_tls_reloads_total{result="loaded"}';
const updates = "client_ssl_socket_factory.ssl_context_update_by_sds";
const refusedNames = 'countersign_tls_refused_connections_total{reason="name"}';
const refusedHandshakes = 'countersign_tls_refused_connections_total{reason="handshake"}';
const allowed = 'countersign_decisions_total{code="Allowed"}';

describe("Envoy and verifier speak mTLS", () => {
  test.each(TRANSPORTS)(
    "and a signed request passes, another does not (%s)",
    async (transport) => {
      const { envoy, call } = await started(["--transport", transport]);
      expect((await send(call)).status).toBe(401);
      expect(await stat(envoy, "ssl.handshake")).toBeGreaterThanOrEqual(1);
      expect(await stat(envoy, "ssl.versions.TLSv1.3")).toBeGreaterThanOrEqual(1);
    },
    120_000,
  );

  const strangers: Record<string, [(mtls: Mtls) => Promise<Mtls | undefined>, string]> = {
    "speaks plaintext": [async () => undefined, refusedHandshakes],
    "has a certificate of the authority with another name": [
      (mtls) => Mtls.create(mtls.authority, "other.test"),
      refusedNames,
    ],
    "has a certificate of another authority with the right name": [
      async (mtls) => {
        const stranger = await Mtls.create(await Authority.create("another"));
        const pair = await stranger.authority.issue({ names: [ENVOY_NAME] });
        // It trusts the verifier, so that only the verifier can refuse.
        await stranger.envoy.replace({ ...pair, authorities: [mtls.authority.certificate] });
        return stranger;
      },
      refusedHandshakes,
    ],
  };
  test.each(Object.entries(strangers))(
    "P35: an Envoy that %s gets no answer to a check, nor to its health checks",
    async (_, [strangerOf, series]) => {
      const { mtls, port, metric, call } = await started();
      const before = await metric(allowed);
      const stranger = await strangerOf(mtls);
      if (stranger) stops.push(() => stranger.remove());
      const envoy = await envoyFor(port, stranger);
      const throughIt = { ...call, credentials, port: await envoy.listenerPort("in") };
      expect((await send(throughIt)).status).toBe(503);
      await eventually(async () => (await stat(envoy, "health_check.failure")) >= 2);
      expect(await stat(envoy, "health_check.success")).toBe(0);
      expect(await metric(series)).toBeGreaterThanOrEqual(1);
      expect(await metric(allowed)).toBe(before);
      expect((await send({ ...call, credentials })).status).toBe(200);
    },
    120_000,
  );

  test("P36: a verifier whose certificate has another name is asked by no Envoy", async () => {
    const { mtls, envoy, port, metric, call } = await started();
    const pair = await mtls.authority.issue({ names: ["impostor.test"] });
    await mtls.verifier.replace({ ...pair, authorities: [mtls.authority.certificate] });
    await eventually(async () => (await metric(reloads)) === 1);
    const later = await envoyFor(port, mtls);
    const throughIt = { ...call, credentials, port: await later.listenerPort("in") };
    expect((await send(throughIt)).status).toBe(503);
    expect(await stat(later, "ssl.fail_verify_san")).toBeGreaterThanOrEqual(1);
    expect(await stat(envoy, "ssl.fail_verify_san")).toBe(0);
  }, 120_000);
});

/**
 * Exchanges the authority and every certificate, as an admin does who wants no outage: both sides trust both
 * authorities, then each gets a certificate of the new one, then the old one is forgotten. After each step both sides
 * use it, and the caller was answered meanwhile.
 */
async function rollOver({ mtls, metric, envoy }: Awaited<ReturnType<typeof started>>, caller: SteadyCaller) {
  const fresh = await Authority.create("fresh");
  const [before, after] = [mtls.authority.certificate, fresh.certificate];
  const pair = {
    verifier: await fresh.issue({ names: [VERIFIER_NAME] }),
    envoy: await fresh.issue({ names: [ENVOY_NAME] }),
  };
  const old = {
    verifier: await mtls.authority.issue({ names: [VERIFIER_NAME] }),
    envoy: await mtls.authority.issue({ names: [ENVOY_NAME] }),
  };
  const steps = [
    // What each side has to notice: the verifier a reload, Envoy a change of the certificate, of the authorities.
    { verifier: old.verifier, envoy: old.envoy, authorities: [before, after], reloaded: 1, updated: 2 },
    { verifier: pair.verifier, envoy: old.envoy, authorities: [before, after], reloaded: 1, updated: 0 },
    { verifier: pair.verifier, envoy: pair.envoy, authorities: [before, after], reloaded: 0, updated: 1 },
    { verifier: pair.verifier, envoy: pair.envoy, authorities: [after], reloaded: 1, updated: 1 },
  ];
  for (const { verifier, envoy: client, authorities, reloaded, updated } of steps) {
    const [reloadsBefore, updatesBefore] = [await metric(reloads), await stat(envoy, updates)];
    await mtls.verifier.replace({ ...verifier, authorities });
    await mtls.envoy.replace({ ...client, authorities });
    await eventually(async () => (await metric(reloads)) >= reloadsBefore + reloaded);
    await eventually(async () => (await stat(envoy, updates)) >= updatesBefore + updated);
    const calls = caller.accepted();
    await eventually(() => caller.accepted() >= calls + 200, { timeoutMs: 60_000 });
  }
  return { fresh, old };
}

/** Returns the server certificate of a new connection of a client; throws when the client is rejected. */
function certificateAt(port: number, client: Pair, authority: Authority): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      ...{ host: "127.0.0.1", port, servername: VERIFIER_NAME, ALPNProtocols: ["h2"] },
      ...{ ca: authority.certificate, cert: client.certificate, key: client.key },
    });
    socket.once("data", () => {
      resolve(String(socket.getPeerX509Certificate()?.toString()));
      socket.destroy();
    });
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("refused")));
  });
}

describe("certificates are replaced under load", () => {
  const callerOf = (call: { port: number; host: string; path: string }) => {
    const caller = new SteadyCaller(call, async () => credentials);
    stops.push(() => caller.stop());
    caller.start();
    return caller;
  };

  test("P36: not one check fails, open connections live on, and new ones use the new certificates", async () => {
    const verifier = await started();
    const { envoy, port, call, mtls } = verifier;
    const caller = callerOf(call);
    await eventually(() => caller.accepted() >= 100);
    const connections = await stat(envoy, "upstream_cx_total");
    const { fresh, old } = await rollOver(verifier, caller);
    await caller.stop();
    expect(caller.refusals.slice(0, 5)).toEqual([]);
    expect(await stat(envoy, "upstream_cx_total")).toBe(connections);

    const client = await fresh.issue({ names: [ENVOY_NAME] });
    const seen = await certificateAt(port, client, fresh);
    expect(seen.trim()).toBe((await readFile(join(mtls.verifier.path, "tls.crt"), "utf8")).trim());
    await expect(certificateAt(port, old.envoy, fresh)).rejects.toThrow();
    const later = await envoyFor(port, mtls);
    const throughIt = { ...call, credentials, port: await later.listenerPort("in") };
    expect((await send(throughIt)).status).toBe(200);
  }, 240_000);

  test("P36: not one check fails where connections live four seconds, so that new ones are made all along", async () => {
    // Not less: each end of a connection may fail a health check of Envoy (one per second), and two in a row eject the verifier.
    const verifier = await started(["--tls-max-connection-age", "4s"]);
    const caller = callerOf(verifier.call);
    await eventually(() => caller.accepted() >= 100);
    const connections = await stat(verifier.envoy, "upstream_cx_total");
    await rollOver(verifier, caller);
    await eventually(async () => (await stat(verifier.envoy, "upstream_cx_total")) > connections + 1);
    await caller.stop();
    expect(caller.refusals.slice(0, 5)).toEqual([]);
  }, 240_000);

  test("P36: the metric of the expiry follows", async () => {
    const { mtls, metric } = await started();
    const pair = await mtls.authority.issue({ names: [VERIFIER_NAME], endsIn: 3_600_000 });
    await mtls.verifier.replace({ ...pair, authorities: [mtls.authority.certificate] });
    await eventually(async () => (await metric(reloads)) === 1);
    const expiry = await metric('countersign_tls_certificate_expiry_timestamp_seconds{file="tls.crt"}');
    expect(Math.abs(expiry - Date.now() / 1_000 - 3_600)).toBeLessThan(120);
  }, 120_000);
});
