import { kindPath, objectPath } from "../../src/store/kube/paths.ts";
import { watchOnce } from "../../src/store/kube/watch/watch.ts";
import { MERGE_PATCH } from "../../src/store/kube/writer.ts";
import { eventually } from "../../test/support/events.ts";
import { applicationManifest } from "../../test/support/manifests.ts";
import type { Lab } from "../lab/lab.ts";
import type { LiveCluster } from "../lab/liveCluster.ts";
import { writesServed } from "../lab/runningOperator.ts";
import { member, members, namespaces } from "../lab/world.ts";
import type { Part } from "./part.ts";

const COUNT = 10_000;
const QUICK_COUNT = 1_000;
const IN_FLIGHT = 32;
/** The least time, in seconds, after which a step counts as failed; larger counts have more. */
const LIMIT_S = 600;

/** How long the operator takes for a crowd of Applications that come at once, and what it uses. */
export const operator: Part = {
  name: "operator",
  summary:
    "10,000 Applications created at once until all are Ready; the operator's CPU time and memory; a restart",
  async run(lab) {
    const cluster = await lab.liveCluster();
    const count = lab.count ?? lab.pick(COUNT, QUICK_COUNT);
    const items = namespaces(count);
    await cluster.server.apply(JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    lab.say(`operator: ${count} Applications at once …`);
    const before = cluster.operator.figures().cpuSeconds;
    const began = performance.now();
    const elapsed = () => (performance.now() - began) / 1_000;
    const created = createAll(cluster, count).then(() =>
      lab.book.add("operator / all created", "s", elapsed()),
    );
    await Promise.all([created, untilReady(cluster, count)]);
    // With --count the figure is that of the count; the goal is about 10,000.
    lab.book.add("operator / all Ready", "s", elapsed() * (lab.count === undefined ? COUNT / count : 1));
    const { cpuSeconds, rssMiB } = cluster.operator.figures();
    lab.book.add("operator / CPU per Application", "ms", ((cpuSeconds - before) / count) * 1_000);
    lab.book.add("operator / memory", "MiB", rssMiB);
    await restart(lab, cluster, count);
    await changeOne(lab, cluster);
    if (count === COUNT) return;
    const text = lab.count === undefined ? `${count} Applications, times ten` : `${count} Applications`;
    lab.book.note("operator / all Ready", text);
    lab.book.note("operator / memory", `with ${count} Applications`);
  },
};

/** Another process over what is there already: it reads everything, and has nothing to write. */
async function restart({ book, say }: Lab, { server, operator }: LiveCluster, count: number): Promise<void> {
  say(`operator: a restart with ${count} Applications …`);
  const writes = await writesServed(server);
  const began = performance.now();
  await operator.restart(count, limitFor(count) * 1_000);
  book.add("operator / restart", "s", (performance.now() - began) / 1_000);
  const { cpuSeconds, rssMiB } = operator.figures();
  book.add("operator / restart / CPU time", "s", cpuSeconds);
  book.add("operator / restart / memory", "MiB", rssMiB);
  book.add("operator / restart / writes", "", (await writesServed(server)) - writes);
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

async function createAll({ connection }: LiveCluster, count: number): Promise<void> {
  const all = members(count).values();
  const worker = async () => {
    for (const { namespace, name } of all) {
      const body = applicationManifest(name, namespace);
      const { status } = await connection.request("POST", kindPath("Application", namespace), { body });
      if (status !== 201)
        throw new Error(`the API server answered ${status} to the creation of ${namespace}/${name}`);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
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
