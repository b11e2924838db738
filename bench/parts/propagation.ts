import { setTimeout as after } from "node:timers/promises";
import { ApiClient } from "../../test/support/apiClient.ts";
import { type Call, send } from "../../test/support/caller.ts";
import { eventually } from "../../test/support/events.ts";
import { grantManifest, namespaceManifest, team } from "../../test/support/manifests.ts";
import type { Lab } from "../lab/lab.ts";
import type { LiveCluster } from "../lab/liveCluster.ts";
import { quantile } from "../statistics.ts";
import type { Part } from "./part.ts";

const { namespace, host, domain, application } = team("bench");

/** How long it takes until what an admin writes is what callers meet: on a real API server, operator, verifier and Envoy. */
export const propagation: Part = {
  name: "propagation",
  summary:
    "from the write of a grant, or its deletion, to the changed verdict through Envoy, on a real API server",
  async run(lab) {
    const cluster = await lab.liveCluster();
    const api = new ApiClient(cluster.server.kubeconfig);
    lab.defer(() => api.close());
    const call = await firstCall(cluster, api);
    const rounds = lab.pick(300, 25);
    lab.say(`propagation: ${rounds} grants come and go …`);
    const times = new Times();
    for (let round = 0; round < rounds; round++) await comeAndGo(api, call, `grant-${round}`, times);
    record(lab, times);
  },
};

const QUANTILES = [
  ["p50", 0.5],
  ["p99", 0.99],
] as const;

class Times {
  readonly write: number[] = [];
  readonly request: number[] = [];
  readonly applied: Edit[] = [];
  readonly deleted: Edit[] = [];
}

async function firstCall({ server, port, agent }: LiveCluster, api: ApiClient): Promise<Omit<Call, "path">> {
  const objects = [domain, application, grantManifest("first", namespace, host, {}, "/first")];
  await server.apply(JSON.stringify(namespaceManifest(namespace)));
  await server.apply(JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
  const wait = ["wait", "-n", namespace, "--for=condition=Ready", "--timeout=60s"];
  await server.kubectl([...wait, "application/mobile-app", "apigrant/first"]);
  const call = { port, host, agent, credentials: await api.credentials(namespace, "mobile-app") };
  await until(200, { ...call, path: "/first" });
  return call;
}

/** One grant comes and goes; the next begins when nothing is left to do for it. */
async function comeAndGo(
  api: ApiClient,
  call: Omit<Call, "path">,
  name: string,
  times: Times,
): Promise<void> {
  const grant = grantManifest(name, namespace, host, {}, `/${name}`);
  const its = { ...call, path: `/${name}` };
  const applied = await edited(api.applyGrant(grant), until(200, its, times.request));
  times.write.push(applied.answered);
  times.applied.push(applied);
  const deleted = await edited(api.deleteGrant(grant), until(403, its));
  times.deleted.push(deleted);
  await eventually(async () => !(await api.hasGrant(grant)), { intervalMs: 10 });
}

/** Times of one edit since it was sent, in milliseconds. */
interface Edit {
  /** Until the API server answered: it has accepted the edit. */
  readonly answered: number;
  /** Until a request got the changed verdict, which may be earlier. */
  readonly verdict: number;
}

/** Both begin at once. */
async function edited(write: Promise<unknown>, changed: Promise<void>): Promise<Edit> {
  const began = performance.now();
  const since = () => performance.now() - began;
  const [answered, verdict] = await Promise.all([write.then(since), changed.then(since)]);
  return { answered, verdict };
}

function record(lab: Lab, { write, request, applied, deleted }: Times): void {
  const fromSending = (edits: readonly Edit[]) => edits.map(({ verdict }) => verdict);
  const rows = {
    "write, answered": write,
    "request, answered": request,
    "apply, sent to verdict": fromSending(applied),
    "delete, sent to verdict": fromSending(deleted),
    "sent to verdict": fromSending([...applied, ...deleted]),
    "answered to verdict": [...applied, ...deleted].map(({ answered, verdict }) =>
      Math.max(0, verdict - answered),
    ),
  };
  for (const [percent, share] of QUANTILES) {
    for (const [name, values] of Object.entries(rows))
      lab.book.add(`propagation / ${name} / ${percent}`, "ms", quantile(values, share));
    const ms = quantile(rows["sent to verdict"], share).toFixed(1);
    lab.book.note(`propagation / answered to verdict / ${percent}`, `${ms} ms from sending`);
  }
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
