import { connect as connectHttp2 } from "node:http2";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import { credentials } from "@grpc/grpc-js";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { systemClock } from "../../../../src/base/clock.ts";
import { CertificateFolder } from "../../../../src/verifier/tls/certificateFolder.ts";
import { TRANSPORTS, type TransportName } from "../../../../src/verifier/transport/transport.ts";
import { Authority, type Pair, SecretFolder } from "../../../support/certificates.ts";
import { decodeResponse } from "../../../support/envoyProtos.ts";
import { eventually } from "../../../support/events.ts";
import { CHECK, HEALTH, LoopbackVerifiers, SERVING, signed } from "../../../support/loopbackVerifier.ts";

// A broken certificate is refused once two looks, which are 2 s apart, have seen it.
jest.setTimeout(20_000);

const NAME = "verifier.test";
const loopback = new LoopbackVerifiers();
let authority: Authority;
let stranger: Authority;
let client: Pair;
let mount: SecretFolder;
beforeAll(async () => {
  authority = await Authority.create("ours");
  stranger = await Authority.create("another");
  client = await authority.issue({ names: ["envoy.test"] });
});
beforeEach(async () => {
  mount = await SecretFolder.create({
    ...(await authority.issue({ names: [NAME] })),
    authorities: [authority.certificate],
  });
});
afterEach(async () => {
  await loopback.stop();
  await mount.remove();
});
afterAll(() => loopback.stop());

/** A verifier that lets these clients in, and how to reach it with a certificate. */
async function started(
  clientNames: readonly string[] = ["envoy.test"],
  maxConnectionAgeMs = 3_600_000,
  transport?: TransportName,
) {
  const folder = await CertificateFolder.open(mount.path, systemClock);
  const verifier = await loopback.started({
    tls: { folder, clientNames, maxConnectionAgeMs },
    ...(transport ? { transport } : {}),
  });
  const withCertificate = (pair?: Pair, trusted = authority) => {
    const ca = Buffer.from(trusted.certificate);
    const [key, certificate] = pair ? [Buffer.from(pair.key), Buffer.from(pair.certificate)] : [];
    const how = credentials.createSsl(ca, key ?? null, certificate ?? null);
    return loopback.client(verifier.grpc, how, { "grpc.ssl_target_name_override": NAME }).call;
  };
  const metric = async (series: string) => {
    const text = await (await fetch(`http://${verifier.metrics}/metrics`)).text();
    return Number(
      text
        .split("\n")
        .find((line) => line.startsWith(`${series} `))
        ?.split(" ")[1],
    );
  };
  return { ...verifier, withCertificate, metric };
}

describe("the gRPC port with TLS", () => {
  test("serves a client with an allowed name", async () => {
    const { withCertificate } = await started();
    const call = withCertificate(client);
    expect(decodeResponse(await call(CHECK, signed())).status?.code).toBe(0);
    expect(await call(HEALTH, Buffer.alloc(0))).toEqual(SERVING);
  });

  test("serves a client by a URI, and any client of the authorities when all are allowed", async () => {
    const uri = "spiffe://test/envoy";
    const byUri = (await started([uri])).withCertificate(await authority.issue({ names: [uri] }));
    expect(await byUri(HEALTH, Buffer.alloc(0))).toEqual(SERVING);
    const byAny = (await started(["*"])).withCertificate(await authority.issue({}));
    expect(await byAny(HEALTH, Buffer.alloc(0))).toEqual(SERVING);
  });

  const strangers: Record<string, [() => Promise<Pair | undefined>, "handshake" | "name"]> = {
    "without a certificate": [async () => undefined, "handshake"],
    "with a certificate of another authority": [() => stranger.issue({ names: ["envoy.test"] }), "handshake"],
    "with a certificate that has ended": [
      () => authority.issue({ names: ["envoy.test"], endsIn: -1_000 }),
      "handshake",
    ],
    "with another name": [() => authority.issue({ names: ["other.test"] }), "name"],
    "with the name only as common name": [() => authority.issue({ commonName: "envoy.test" }), "name"],
    "with a pattern for a name": [() => authority.issue({ names: ["*.test"] }), "name"],
  };
  test.each(Object.entries(strangers))(
    "P35: serves neither checks nor health checks to a client %s",
    async (_, [pair, reason]) => {
      const { withCertificate, metric } = await started();
      const series = `countersign_tls_refused_connections_total{reason="${reason}"}`;
      expect(await metric(series)).toBe(0);
      const call = withCertificate(await pair());
      await expect(call(CHECK, signed())).rejects.toMatchObject({ code: 14 });
      await expect(call(HEALTH, Buffer.alloc(0))).rejects.toMatchObject({ code: 14 });
      expect(await metric(series)).toBeGreaterThanOrEqual(1);
      expect(await metric('countersign_decisions_total{code="Allowed"}')).toBe(0);
    },
  );

  test("P35: serves nothing in plaintext", async () => {
    const { call, grpc } = await started();
    await expect(call(CHECK, signed())).rejects.toMatchObject({ code: 14 });
    const session = connectHttp2(`http://${grpc}`);
    await expect(
      new Promise((resolve, reject) =>
        session
          .once("remoteSettings", resolve)
          .once("error", reject)
          .once("close", () => reject(new Error("closed"))),
      ),
    ).rejects.toThrow();
  });

  test("speaks no TLS before 1.2, and 1.3 with those who can, also after a reload", async () => {
    const { grpc, metric } = await started();
    const versions = async () => [
      await protocol(grpc, { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" }),
      await protocol(grpc, { maxVersion: "TLSv1.2" }),
      await protocol(grpc, {}),
    ];
    expect(await versions()).toEqual(["refused", "TLSv1.2", "TLSv1.3"]);
    await mount.replace({
      ...(await authority.issue({ names: [NAME] })),
      authorities: [authority.certificate],
    });
    await eventually(async () => (await metric('countersign_tls_reloads_total{result="loaded"}')) === 1);
    expect(await versions()).toEqual(["refused", "TLSv1.2", "TLSv1.3"]);
  });
});

/** The version that the server agrees to. */
function protocol(grpc: string, options: ConnectionOptions): Promise<string | null> {
  const [host, port] = grpc.split(":");
  return new Promise((resolve) => {
    const socket = connectTls({
      ...{ host, port: Number(port), servername: NAME, ALPNProtocols: ["h2"] },
      ...{ ca: authority.certificate, cert: client.certificate, key: client.key },
      ...options,
    });
    const end = (answer: string | null) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("secureConnect", () => end(socket.getProtocol()));
    socket.once("error", () => end("refused"));
  });
}

describe("certificates that are replaced", () => {
  const reloads = 'countersign_tls_reloads_total{result="loaded"}';

  test.each(TRANSPORTS)("P36: serve new connections, while open ones continue (%s)", async (transport) => {
    const { withCertificate, metric } = await started(undefined, undefined, transport);
    const earlier = withCertificate(client);
    expect(await earlier(HEALTH, Buffer.alloc(0))).toEqual(SERVING);
    const fresh = await Authority.create("fresh");
    await mount.replace({ ...(await fresh.issue({ names: [NAME] })), authorities: [fresh.certificate] });
    await eventually(async () => (await metric(reloads)) === 1);
    expect(await earlier(HEALTH, Buffer.alloc(0))).toEqual(SERVING);
    // The authority that vouched for the old client is gone.
    await expect(withCertificate(client, fresh)(HEALTH, Buffer.alloc(0))).rejects.toMatchObject({
      code: 14,
    });
    const after = withCertificate(await fresh.issue({ names: ["envoy.test"] }), fresh);
    expect(await after(HEALTH, Buffer.alloc(0))).toEqual(SERVING);
  });

  test("P36: show in the expiry, and broken ones as refused, with a series at 0 from the start", async () => {
    const { metric, withCertificate } = await started();
    const refused = 'countersign_tls_reloads_total{result="refused"}';
    expect([await metric(reloads), await metric(refused)]).toEqual([0, 0]);
    const expiry = 'countersign_tls_certificate_expiry_timestamp_seconds{file="tls.crt"}';
    const before = await metric(expiry);
    const other = await authority.issue({ names: [NAME], endsIn: 3_600_000 });
    await mount.replace({ ...other, authorities: [authority.certificate] });
    await eventually(async () => (await metric(expiry)) < before - 3_600);
    expect(Math.abs((await metric(expiry)) - Date.now() / 1_000 - 3_600)).toBeLessThan(60);
    await mount.replace({ ...other, key: client.key, authorities: [authority.certificate] });
    await eventually(async () => (await metric(refused)) === 1);
    expect(await withCertificate(client)(HEALTH, Buffer.alloc(0))).toEqual(SERVING);
  });

  test.each(TRANSPORTS)(
    "P36: a client whose authority is gone is refused as soon as its connection is old (%s)",
    async (transport) => {
      const { withCertificate, metric } = await started(["envoy.test"], 300, transport);
      const call = withCertificate(client);
      // Before the files change: from then on the connection may be refused at any moment.
      expect(await call(HEALTH, Buffer.alloc(0))).toEqual(SERVING);
      const fresh = await Authority.create("fresh");
      await mount.replace({ ...(await fresh.issue({ names: [NAME] })), authorities: [fresh.certificate] });
      await eventually(async () => (await metric(reloads)) === 1);
      await eventually(() =>
        call(HEALTH, Buffer.alloc(0)).then(
          () => false,
          ({ code }) => code === 14,
        ),
      );
    },
  );
});
