import type { Store } from "../store/store.ts";
import type { Deps } from "./deps.ts";
import { type Figures, figuresOf } from "./figures.ts";
import { DocumentIndex } from "./index/documentIndex.ts";
import { SecretIndex } from "./index/secretIndex.ts";
import { LastUse } from "./lastUse/lastUse.ts";
import { usedObjects } from "./lastUse/usedObjects.ts";
import type { LastUseOptions, OperatorPorts } from "./ports.ts";
import { AdaptiveLimit } from "./run/adaptiveLimit.ts";
import { WorkQueue } from "./run/queue.ts";
import { type ReconcileHooks, Reconciler } from "./run/reconciler.ts";
import { Triggers } from "./run/triggers.ts";
import { Acknowledgements } from "./verifiers/acknowledgements.ts";
import { WriteMemory } from "./writeMemory.ts";

const MOST_WORKERS = 32;

export interface OperatorOptions extends OperatorPorts {
  /** How many objects are reconciled concurrently at most; default: 32. The number adapts to the load of the store, unless it is fixed. */
  readonly workers?: number;
  /**
   * All `workers` from the start, whatever the load, for a store that makes all writes of a moment durable at once: with fewer at a
   * time a slow disk would sync more often. Default: false.
   */
  readonly hasFixedWorkers?: boolean;
  /** How often verifiers' Leases are listed while an object waits for them, in milliseconds; default: 250. */
  readonly verifierPollMs?: number;
}

/** A running operator. */
export interface Operator {
  /** Resolves when the work queue is empty. Objects that wait for verifiers or for a time do not count. */
  idle(): Promise<void>;
  /** The current values of its gauges. */
  figures(): Figures & {
    readonly queueAge: number;
    readonly workers: number;
    readonly lag: ReadonlyMap<string, number>;
    readonly verifiers: { readonly live: number; readonly silent: number };
    readonly lastUseWaiting: number;
  };
  /** Resolves when the signal has aborted and the writes in flight have ended. */
  readonly stopped: Promise<void>;
}

/** Runs the reconcilers over a started store, whose collections hold full lists, until the signal aborts. */
export function startOperator(store: Store, options: OperatorOptions, signal: AbortSignal): Operator {
  const { clock, meter, random } = options;
  const { workers = MOST_WORKERS } = options;
  const limit = options.hasFixedWorkers ? { value: workers, note: () => {} } : new AdaptiveLimit(workers);
  const queue = new WorkQueue({
    clock,
    jitter: () => (random(1)[0] ?? 0) / 256,
    limit: () => limit.value,
    onDepth: (depth) => meter.queueDepth(depth),
  });
  const enqueue = (key: string, afterMs = 0) => queue.addAfter(key, afterMs);
  const parts = assemble(store, options, enqueue, {
    pollMs: options.verifierPollMs ?? 250,
    onPlan: (key) => queue.seen(key),
    onLoad: (load) => limit.note(load, queue.inUse),
  });
  const stop = parts.triggers.start();
  const begun = Promise.resolve(parts.lastUse?.begin()).then(() =>
    parts.acknowledgements.begin(store.projections.values()),
  );
  const running = [
    begun.then(() => queue.run((key) => parts.reconciler.reconcile(key), signal)),
    begun.then(() => parts.acknowledgements.run(signal)),
    begun.then(() => parts.lastUse?.run(signal)),
  ];
  return {
    idle: () => queue.idle(),
    figures: () => ({
      ...figuresOf(store, clock.wall()),
      queueAge: queue.age / 1000,
      workers: limit.value,
      lag: parts.acknowledgements.lag(),
      verifiers: parts.acknowledgements.counts(),
      lastUseWaiting: parts.lastUse?.waiting ?? 0,
    }),
    stopped: Promise.all(running).then(stop),
  };
}

/** Wires the parts of an operator. `enqueue` is called with each key to reconcile. */
export function assemble(
  store: Store,
  ports: OperatorPorts,
  enqueue: (key: string, afterMs?: number) => void,
  { pollMs, ...hooks }: ReconcileHooks & { readonly pollMs: number },
) {
  const documents = new DocumentIndex();
  const secrets = new SecretIndex();
  const acknowledgements = new Acknowledgements(store, {
    clock: ports.clock,
    log: ports.log,
    pollMs,
    onChange: (key) => enqueue(key),
    onPresence: () => triggers.enqueueAll(),
    onListed: (leases) => lastUse?.take(leases),
  });
  const triggers = new Triggers({ store, documents, secrets, acknowledgements, enqueue });
  const lastUse = ports.lastUse && newLastUse(ports.lastUse);
  const memory = new WriteMemory();
  const deps: Deps = { store, ports, documents, secrets, acknowledgements, memory, lastUse };
  return { triggers, acknowledgements, lastUse, reconciler: new Reconciler(deps, hooks) };

  function newLastUse(options: LastUseOptions): LastUse {
    const objectsOf = usedObjects(documents, store);
    const onRecordedChange = () => triggers.enqueueAll();
    return new LastUse({ store, ports, options, objectsOf, enqueue, onRecordedChange });
  }
}
