import { Agent } from "node:http";
import { setTimeout as after } from "node:timers/promises";
import { ApiClient } from "../test/support/apiClient.ts";
import { type Call, send } from "../test/support/caller.ts";
import { type Cluster, startCluster } from "../test/support/cluster.ts";
import { eventually } from "../test/support/events.ts";
import { makeBundle } from "../test/support/freshBundle.ts";
import { grantManifest, namespaceManifest, team } from "../test/support/manifests.ts";

/**
 * How long it takes until what an admin writes is what callers meet: on a real API server, operator, verifier and Envoy.
 * The figure to compare between machines is the ratio to a bare write, since machines are shared and noisy.
 */
const ROUNDS = 200;
const KUBECTL_ROUNDS = 10;
const { namespace, host, domain, application } = team("bench");
const agent = new Agent({ keepAlive: true });
const rows = {
  write: { what: "a write to the API server, answered", times: [] as number[] },
  check: { what: "a request through Envoy, answered", times: [] as number[] },
  apply: { what: "apply of a grant (API call) to accepted", times: [] as number[] },
  delete: { what: "delete of a grant (API call) to refused", times: [] as number[] },
  gone: { what: "delete of a grant (API call) to gone", times: [] as number[] },
  kubectlApply: { what: "kubectl apply of a grant to accepted", times: [] as number[] },
  kubectlDelete: { what: "kubectl delete of a grant to refused", times: [] as number[] },
  kubectlDone: { what: "kubectl delete of a grant, returned", times: [] as number[] },
};
const interrupted = new Promise<number>((resolve) => {
  process.on("SIGINT", () => resolve(130));
  process.on("SIGTERM", () => resolve(143));
});

process.stderr.write("Starting the API server, operator, verifier and Envoy …\n");
const starting = makeBundle().then(() => startCluster());
const status = await Promise.race([starting.then(measure), interrupted]).catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
await starting.then((cluster) => cluster.stop()).catch(() => undefined);
process.exit(status);

async function measure(cluster: Cluster): Promise<number> {
  const api = new ApiClient(cluster.server.kubeconfig);
  await cluster.apply(namespaceManifest(namespace));
  await cluster.apply(domain, application, grantManifest("first", namespace, host, {}, "/first"));
  await cluster.ready(namespace, "application/mobile-app", "apigrant/first");
  const call = {
    port: cluster.port,
    host,
    credentials: await api.credentials(namespace, "mobile-app"),
    agent,
  };
  await until(200, { ...call, path: "/first" });
  for (let round = 0; round < ROUNDS; round++) {
    await byApi(api, call, `api-${round}`);
    if (round % 50 === 0) process.stderr.write(`${round} of ${ROUNDS} by the API …\n`);
  }
  process.stderr.write(`${KUBECTL_ROUNDS} by kubectl …\n`);
  for (let round = 0; round < KUBECTL_ROUNDS; round++) {
    await byKubectl(cluster, call, `kubectl-${round}`);
  }
  print();
  await api.close();
  return 0;
}

/** One grant comes and goes; the next begins when nothing is left to do for it. */
async function byApi(api: ApiClient, call: Omit<Call, "path">, name: string): Promise<void> {
  const grant = grantManifest(name, namespace, host, {}, `/${name}`);
  const its = { ...call, path: `/${name}` };
  await Promise.all([
    timed(rows.write, api.applyGrant(grant)),
    timed(rows.apply, until(200, its, rows.check.times)),
  ]);
  const gone = api
    .deleteGrant(grant)
    .then(() => eventually(async () => !(await api.hasGrant(grant)), { intervalMs: 10 }));
  await Promise.all([timed(rows.gone, gone), timed(rows.delete, until(403, its))]);
}

async function byKubectl(cluster: Cluster, call: Omit<Call, "path">, name: string): Promise<void> {
  const its = { ...call, path: `/${name}` };
  const applied = cluster.apply(grantManifest(name, namespace, host, {}, `/${name}`));
  await Promise.all([applied, timed(rows.kubectlApply, until(200, its))]);
  const returned = cluster.kubectl("delete", "-n", namespace, `apigrant/${name}`);
  await Promise.all([timed(rows.kubectlDone, returned), timed(rows.kubectlDelete, until(403, its))]);
}

async function timed({ times }: { readonly times: number[] }, work: Promise<unknown>): Promise<void> {
  const began = performance.now();
  await work;
  times.push(performance.now() - began);
}

/** Asks again and again, a millisecond apart, until it is answered so; notes what each answer took. */
async function until(status: number, call: Call, times: number[] = []): Promise<void> {
  for (;;) {
    const began = performance.now();
    const answer = await send(call);
    times.push(performance.now() - began);
    if (answer.status === status) return;
    await after(1);
  }
}

function print(): void {
  const yardstick = quantile(rows.write.times, 0.5);
  process.stdout.write(line("milliseconds", "median", "p99", "n", "median / write"));
  for (const { what, times } of Object.values(rows)) {
    const median = quantile(times, 0.5);
    const figures = [median, quantile(times, 0.99)].map((value) => value.toFixed(1));
    process.stdout.write(line(what, ...figures, String(times.length), (median / yardstick).toFixed(1)));
  }
  process.stdout.write(
    "The API call is the one that kubectl makes (server-side apply, and DELETE), from the start of the request;\nkubectl itself is measured from the start of its process. Accepted and refused: by a signed request through Envoy.\nOf few, p99 is the longest.\n",
  );
}

function line(what: string, ...cells: readonly string[]): string {
  return `${what.padEnd(42)}${cells.map((cell, index) => cell.padStart(index < 3 ? 9 : 16)).join("")}\n`;
}

function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
}
