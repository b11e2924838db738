import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { stringify } from "yaml";
import { BREAKAGES, brokenEnvoy, type EnvoyParts } from "../support/brokenEnvoys.ts";
import type { Program } from "../support/childProcess.ts";
import { countersign } from "../support/cluster.ts";
import { type EnvoyProcess, startEnvoy } from "../support/envoyProcess.ts";
import { eventually } from "../support/events.ts";
import { team } from "../support/manifests.ts";
import { reservePort } from "../support/ports.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";

interface Standalone {
  readonly program: Program;
  readonly port: number;
  readonly metricsUrl: string;
}

let folder: string;
let upstream: Upstream;
let standalones: readonly Standalone[];
const { host, domain, application, grant } = team("doctor");

beforeAll(async () => {
  folder = await temporaryFolder("doctor");
  await mkdir(join(folder, "yaml"));
  const objects = [domain, application, grant].map((one) => stringify(one));
  await writeFile(join(folder, "yaml/all.yaml"), objects.join("---\n"));
  upstream = await startUpstream();
  standalones = await Promise.all([start("a"), start("b")]);
}, 60_000);
afterAll(async () => {
  for (const { program } of standalones ?? []) await program.stop();
  await upstream?.stop();
});

async function start(state: string): Promise<Standalone> {
  const listen = ["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"];
  const program = countersign(["standalone", "yaml", "--state-dir", state, ...listen], {}, folder);
  const [, port, metrics] = await program.waitFor(/^ready +gRPC 127\.0\.0\.1:(\d+) +metrics (\S+)/m, 30_000);
  return { program, port: Number(port), metricsUrl: `http://${metrics}` };
}

interface Options {
  readonly verifiers?: readonly number[];
  readonly isHealthy?: boolean;
}

/** Envoy before both processes, with what `countersign envoy-config` prints, changed. */
async function envoyWith(change: (parts: EnvoyParts) => void, { verifiers, isHealthy = true }: Options = {}) {
  const address = (port: number) => ({ host: "127.0.0.1", port });
  const envoy = await startEnvoy(
    brokenEnvoy(
      {
        listen: address(0),
        admin: address(0),
        upstream: { address: address(upstream.port) },
        verifiers: (verifiers ?? standalones.map(({ port }) => port)).map(address),
        maxRequestBytes: 16_777_216,
        timeoutSeconds: 5,
        virtualHosts: [],
      },
      change,
    ),
  );
  if (isHealthy) await eventually(() => areHealthy(envoy));
  return envoy;
}

async function areHealthy({ adminUrl }: EnvoyProcess): Promise<boolean> {
  return !(await (await fetch(`${adminUrl}/clusters`)).text()).includes("failed_active_hc");
}

interface Found {
  readonly id: string;
  readonly severity: string;
  readonly where: string;
}

async function doctor(...args: string[]) {
  const program = countersign(
    ["doctor", "-o", "json", ...args],
    { KUBECONFIG: join(folder, "none") },
    folder,
  );
  const status = await program.ended;
  const { findings } = JSON.parse(program.stdout || '{"findings":[]}') as { findings: readonly Found[] };
  const bad = findings.filter(({ severity }) => severity !== "ok");
  return { status, bad, ids: bad.map(({ id }) => id), output: program.output };
}

const everySource = async (envoy: EnvoyProcess) => [
  ...["--envoy-admin", envoy.adminUrl, "--verifier", ...standalones.map(({ metricsUrl }) => metricsUrl)],
  ...[
    "--probe",
    `http://127.0.0.1:${await envoy.listenerPort("in")}`,
    "--host",
    host,
    "--probe-path",
    "/orders",
  ],
];

test("P23: doctor finds no problem in what envoy-config prints", async () => {
  const envoy = await envoyWith(() => {});
  try {
    const before = upstream.seen.length;
    const { status, bad, output } = await doctor(...(await everySource(envoy)));
    expect([status, bad]).toEqual([0, []]);
    expect(output).toContain("got 401 KeyUnknown");
    expect(upstream.seen).toHaveLength(before);
  } finally {
    await envoy.stop();
  }
}, 60_000);

const NEVER_HEALTHY = /health of another/;

describe("doctor finds, by Envoy's own word and by what arrives, that", () => {
  test.each(Object.entries(BREAKAGES))(
    "%s",
    async (name, { change, finds: [id, severity], shows }) => {
      const envoy = await envoyWith(change, { isHealthy: !NEVER_HEALTHY.test(name) });
      try {
        const { status, bad, output } = await doctor(...(await everySource(envoy)));
        const byConfiguration = bad.filter(({ where }) => where.startsWith(new URL(envoy.adminUrl).host));
        expect(byConfiguration).toContainEqual(expect.objectContaining({ id, severity }));
        const byRequests = bad.filter((finding) => !byConfiguration.includes(finding));
        if (shows)
          expect([byRequests.map((finding) => finding.id), output]).toEqual([
            expect.arrayContaining([shows]),
            output,
          ]);
        const hasError = bad.some((finding) => finding.severity === "error");
        expect(status).toBe(hasError ? 1 : 0);
      } finally {
        await envoy.stop();
      }
    },
    60_000,
  );

  test("one endpoint stands for two processes", async () => {
    const envoy = await envoyWith(() => {}, { verifiers: [standalones[0]?.port ?? 0] });
    try {
      // Enough requests to be sure that the other process is not asked.
      const hosts = Array.from({ length: 6 }, (_, n) => `host-${n}.example.com`);
      const { status, bad } = await doctor(
        ...(await everySource(envoy)),
        ...hosts.flatMap((one) => ["--host", one]),
      );
      expect(status).toBe(1);
      const wheres = bad.filter(({ id }) => id === "endpoints-too-few").map(({ where }) => where);
      expect(wheres).toEqual([
        `${new URL(envoy.adminUrl).host}, cluster countersign`,
        new URL(standalones[1]?.metricsUrl ?? "").host,
      ]);
    } finally {
      await envoy.stop();
    }
  }, 60_000);

  test("P23: requests pass while no verifier responds", async () => {
    const open = ({ authz, cluster }: EnvoyParts) => {
      authz.failure_mode_allow = true;
      delete cluster.health_checks;
    };
    const envoy = await envoyWith(open, { verifiers: [await reservePort()] });
    try {
      const { status, ids } = await doctor(...(await everySource(envoy)));
      expect(status).toBe(1);
      expect(ids).toEqual(
        expect.arrayContaining(["failure-mode-allow", "failure-mode-allowed", "probe-unprotected"]),
      );
      // Only the first of the probes was let through.
      expect(upstream.seen.at(-1)).toMatchObject({ method: "GET", url: "/orders" });
    } finally {
      await envoy.stop();
    }
  }, 60_000);

  test("callers get 503 while no verifier responds", async () => {
    const envoy = await envoyWith(() => {}, { verifiers: [await reservePort()], isHealthy: false });
    try {
      const { status, ids } = await doctor(...(await everySource(envoy)));
      expect([status, ids]).toEqual([1, expect.arrayContaining(["probe-not-ready", "endpoints-unhealthy"])]);
    } finally {
      await envoy.stop();
    }
  }, 60_000);
});

describe("doctor", () => {
  test("ends with status 2 when no source can be read, with one finding per source", async () => {
    const nobody = `http://127.0.0.1:${await reservePort()}`;
    const sources = ["--envoy-admin", nobody, "--verifier", nobody, "--envoy-config", "none.yaml"];
    const { status, ids } = await doctor(...sources, "--probe", nobody, "--host", host);
    expect([status, new Set(ids), ids.length]).toEqual([2, new Set(["cannot-look"]), 4]);
  });

  test("reads a configuration's file, prints its findings as text, and accepts known ones", async () => {
    const document = brokenEnvoy(
      {
        listen: { host: "127.0.0.1", port: 0 },
        admin: { host: "127.0.0.1", port: 0 },
        upstream: { address: { host: "127.0.0.1", port: 1 } },
        verifiers: [{ host: "127.0.0.1", port: 9_001 }],
        maxRequestBytes: 1,
        timeoutSeconds: 1,
        virtualHosts: [],
      },
      BREAKAGES["bodies are sent as text"]?.change ?? (() => {}),
    );
    await writeFile(join(folder, "envoy.yaml"), stringify(document));
    const run = async (...args: string[]) => {
      const program = countersign(["doctor", "--envoy-config", "envoy.yaml", ...args], {}, folder);
      return { status: await program.ended, stdout: program.stdout };
    };
    const { status, stdout } = await run();
    expect([status, stdout]).toEqual([
      1,
      expect.stringMatching(
        /^error {4}body-sanitised .*\n {2}seen .*\n {2}why .*\n {2}write .*pack_as_bytes: true/,
      ),
    ]);
    expect(await run("--accept", "body-sanitised")).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^warning {2}body-sanitised /),
    });
  });

  const misuses: Record<string, [string[], RegExp]> = {
    "no cluster and nothing else": [[], /kubeconfig cannot be used.*to check something else than a cluster, name it/s],
    "a probe without a host": [["--probe", "http://127.0.0.1:1"], /--probe has no effect without --host/],
    "an invalid address": [["--envoy-admin", "127.0.0.1:9901"], /Write http:\/\/host:port/],
    "an unknown finding": [["--accept", "everything"], /Write the name of a finding/],
  };
  test.each(Object.entries(misuses))("refuses %s with status 2", async (_, [args, message]) => {
    const { status, output } = await doctor(...args);
    expect([status, output]).toEqual([2, expect.stringMatching(message)]);
  });
});
