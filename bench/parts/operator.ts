import { kindPath } from "../../src/store/kube/paths.ts";
import { watchOnce } from "../../src/store/kube/watch/watch.ts";
import { applicationManifest } from "../../test/support/manifests.ts";
import type { LiveCluster } from "../lab/liveCluster.ts";
import { member, members, namespaces } from "../lab/world.ts";
import type { Part } from "./part.ts";

const COUNT = 10_000;
const QUICK_COUNT = 1_000;
const IN_FLIGHT = 32;
const LIMIT_S = 600;

/** How long the operator takes for a crowd of Applications that come at once, and what it uses. */
export const operator: Part = {
  name: "operator",
  summary: "10,000 Applications created at once until all are Ready; the operator's CPU time and memory",
  async run(lab) {
    const cluster = await lab.liveCluster();
    const count = lab.pick(COUNT, QUICK_COUNT);
    const items = namespaces(count);
    await cluster.server.apply(JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    lab.say(`operator: ${count} Applications at once …`);
    const before = cluster.operatorFigures().cpuSeconds;
    const began = performance.now();
    const elapsed = () => (performance.now() - began) / 1_000;
    const created = createAll(cluster, count).then(() =>
      lab.book.add("operator / all created", "s", elapsed()),
    );
    await Promise.all([created, untilReady(cluster, count)]);
    lab.book.add("operator / all Ready", "s", elapsed() * (COUNT / count));
    const { cpuSeconds, rssMiB } = cluster.operatorFigures();
    lab.book.add("operator / CPU per Application", "ms", ((cpuSeconds - before) / count) * 1_000);
    lab.book.add("operator / memory", "MiB", rssMiB);
    if (count === COUNT) return;
    lab.book.note("operator / all Ready", `${QUICK_COUNT} Applications, times ten`);
    lab.book.note("operator / memory", `with ${QUICK_COUNT} Applications`);
  },
};

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

/** Watches until so many of the world's Applications are Ready, and lists again when a watch ends. Throws after ten minutes. */
async function untilReady({ connection }: LiveCluster, count: number): Promise<void> {
  const path = kindPath("Application");
  const ready = new ReadyApplications(count);
  const late = AbortSignal.timeout(LIMIT_S * 1_000);
  const signal = AbortSignal.any([ready.complete, late]);
  const times = { seconds: LIMIT_S, silenceMs: LIMIT_S * 1_000 };
  while (!signal.aborted) {
    const { body } = await connection.request("GET", path);
    const { items, metadata } = body as { items: readonly unknown[]; metadata: { resourceVersion: string } };
    for (const item of items) ready.changed(item);
    if (!signal.aborted)
      await watchOnce(connection, { path }, metadata.resourceVersion, ready, times, signal);
  }
  if (late.aborted) throw new Error(`${ready.size} of ${count} Applications became Ready in ${LIMIT_S} s`);
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
  readonly metadata: { readonly namespace: string; readonly name: string };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}
