import { kindPath, objectPath } from "../../src/store/kube/paths.ts";
import { watchOnce } from "../../src/store/kube/watch/watch.ts";
import { MERGE_PATCH } from "../../src/store/kube/writer.ts";
import { eventually } from "../../test/support/events.ts";
import type { Lab } from "../lab/lab.ts";
import type { LiveCluster } from "../lab/liveCluster.ts";
import { figuresOf } from "../lab/processFigures.ts";
import { requestsServed } from "../lab/runningOperator.ts";
import { member, members, namespaces } from "../lab/world.ts";
import { createApplication, inFlight, measureFloor } from "./operatorFloor.ts";
import type { Part } from "./part.ts";

const COUNT = 10_000;
const QUICK_COUNT = 1_000;
/** The least time, in seconds, after which a step counts as failed; larger counts have more. */
const LIMIT_S = 600;

/** How long the operator takes for a crowd of Applications that come at once, and what it uses. */
export const operator: Part = {
  name: "operator",
  summary:
    "10,000 Applications created at once until all are Ready, beside a bare client; the operator's CPU time and memory; a restart",
  async run(lab) {
    const cluster = await lab.liveCluster();
    const count = lab.count ?? lab.pick(COUNT, QUICK_COUNT);
    const items = namespaces(count);
    await cluster.server.apply(JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    const seconds = await createAndReconcile(lab, cluster, count);
    await restart(lab, cluster, count);
    await changeOne(lab, cluster);
    await compareWithFloor(lab, count, seconds);
    if (count !== COUNT) lab.book.note("operator / memory", `with ${count} Applications`);
  },
};

/** Returns the seconds until all of them were Ready. */
async function createAndReconcile(lab: Lab, cluster: LiveCluster, count: number): Promise<number> {
  lab.say(`operator: ${count} Applications at once …`);
  const before = await usedBy(cluster);
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1_000;
  const created = inFlight(members(count), (one) => createApplication(cluster.connection, one)).then(() =>
    lab.book.add("operator / all created", "s", elapsed()),
  );
  await Promise.all([created, untilReady(cluster, count)]);
  const seconds = elapsed();
  lab.book.add("operator / all Ready", "s", seconds * scaleOf(lab, count));
  const after = await usedBy(cluster);
  for (const [what, { unit, value }] of Object.entries(after))
    lab.book.add(`operator / ${what} per Application`, unit, (value - (before[what]?.value ?? 0)) / count);
  lab.book.add("operator / memory", "MiB", cluster.operator.figures().rssMiB);
  return seconds;
}

/** What operator and API server have used since their start. */
async function usedBy({ server, operator }: LiveCluster): Promise<Readonly<Record<string, Used>>> {
  const { writes, reads } = await requestsServed(server);
  return {
    CPU: { unit: "ms", value: operator.figures().cpuSeconds * 1_000 },
    "CPU of API server and etcd": { unit: "ms", value: figuresOf(server.pids).cpuSeconds * 1_000 },
    writes: { unit: "", value: writes },
    reads: { unit: "", value: reads },
  };
}

interface Used {
  readonly unit: string;
  readonly value: number;
}

/** With --count a figure is that of the count; the goal is about 10,000. */
function scaleOf(lab: Lab, count: number): number {
  return lab.count === undefined ? COUNT / count : 1;
}

/** A bare client on the same machine: the goal's note has the ratio. */
async function compareWithFloor(lab: Lab, count: number, seconds: number): Promise<void> {
  lab.say(`operator: a bare client that writes ${count} Applications, Secrets and statuses …`);
  const floor = await measureFloor(count);
  const least = floor.seconds * scaleOf(lab, count);
  lab.book.add("operator / floor", "s", least);
  lab.book.add("operator / floor / CPU of API server and etcd", "ms", (floor.cpuSeconds / count) * 1_000);
  const scaled =
    count === COUNT ? "" : `${count} Applications${lab.count === undefined ? ", times ten" : ""}; `;
  const ratio = (seconds / floor.seconds).toFixed(1);
  lab.book.note("operator / all Ready", `${scaled}${ratio} times the ${least.toFixed(0)} s of a bare client`);
}

/** Another process over what is there already: it reads everything, and has nothing to write. */
async function restart({ book, say }: Lab, { server, operator }: LiveCluster, count: number): Promise<void> {
  say(`operator: a restart with ${count} Applications …`);
  const { writes } = await requestsServed(server);
  const began = performance.now();
  await operator.restart(count, limitFor(count) * 1_000);
  book.add("operator / restart", "s", (performance.now() - began) / 1_000);
  const { cpuSeconds, rssMiB } = operator.figures();
  book.add("operator / restart / CPU time", "s", cpuSeconds);
  book.add("operator / restart / memory", "MiB", rssMiB);
  book.add("operator / restart / writes", "", (await requestsServed(server)).writes - writes);
}

/** A change of one Application that no verifier needs to know. */
async function changeOne({ book, say }: Lab, { connection, operator }: LiveCluster): Promise<void> {
  say("operator: a change of one Application …");
  const { namespace, name } = member(0);
  const path = objectPath(kindPath("Application", namespace), name);
  const reconciles = await operator.reconciles();
  const body = { spec: { displayName: "changed" } };
  await connection.request("PATCH", path, { body, contentType: MERGE_PATCH });
  await eventually(async () => {
    const { metadata, status } = (await connection.request("GET", path)).body as WatchedApplication;
    return status?.observedGeneration === metadata.generation;
  });
  book.add("operator / reconciles of one change", "", (await operator.reconciles()) - reconciles);
}

/** In seconds. */
function limitFor(count: number): number {
  return Math.max(LIMIT_S, count / 20);
}

/** Watches until so many of the world's Applications are Ready, and lists again when a watch ends. Throws after `limitFor(count)`. */
async function untilReady({ connection }: LiveCluster, count: number): Promise<void> {
  const path = kindPath("Application");
  const ready = new ReadyApplications(count);
  const limit = limitFor(count);
  const late = AbortSignal.timeout(limit * 1_000);
  const signal = AbortSignal.any([ready.complete, late]);
  const times = { seconds: limit, silenceMs: limit * 1_000 };
  while (!signal.aborted) {
    const { body } = await connection.request("GET", path);
    const { items, metadata } = body as { items: readonly unknown[]; metadata: { resourceVersion: string } };
    for (const item of items) ready.changed(item);
    if (!signal.aborted)
      await watchOnce(connection, { path }, metadata.resourceVersion, ready, times, signal);
  }
  if (late.aborted) throw new Error(`${ready.size} of ${count} Applications became Ready in ${limit} s`);
}

/** Counts the world's Applications that are Ready; `complete` aborts when all of them are. */
class ReadyApplications {
  readonly #names = new Set<string>();
  readonly #count: number;
  readonly #lastNamespace: string;
  readonly #complete = new AbortController();

  constructor(count: number) {
    this.#count = count;
    this.#lastNamespace = member(count - 1).namespace;
  }

  get complete(): AbortSignal {
    return this.#complete.signal;
  }

  get size(): number {
    return this.#names.size;
  }

  changed(object: unknown): void {
    const { metadata, status } = object as WatchedApplication;
    const isReady = status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True");
    if (isReady && metadata.namespace <= this.#lastNamespace)
      this.#names.add(`${metadata.namespace}/${metadata.name}`);
    if (this.size >= this.#count) this.#complete.abort();
  }

  deleted(): void {}

  bookmark(): void {}
}

interface WatchedApplication {
  readonly metadata: { readonly namespace: string; readonly name: string; readonly generation?: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}
