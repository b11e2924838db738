import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { KEY_STATES, type KeyState, KINDS, type Kind } from "../../api/vocabulary.ts";
import { OTHER } from "./labels.ts";

const READY = ["True", "False", "Unknown"] as const;
const VERIFIER_STATES = ["live", "silent"] as const;
const ENDS = ["Application", "ApiGrant", "Key"] as const;
const USED = ["Application", "ApiGrant"] as const;
/** The resources that are watched. Secrets are watched twice: those with our label, and those of the data namespace. */
const RESOURCES = ["applications", "apigrants", "apidomains", "namespaces", "secrets", "httproutes"] as const;

/** The values of the label `within`, in seconds. */
const WITHIN: readonly (readonly [string, number])[] = [
  ["1h", 3_600],
  ["24h", 86_400],
  ["168h", 604_800],
  ["720h", 2_592_000],
];

/** The values of the gauges. Ages and ends are in seconds. */
export interface OperatorFigures {
  readonly keys: Readonly<Record<KeyState, number>>;
  readonly keyAge: { readonly median: number; readonly oldest: number };
  readonly ends: Readonly<Record<(typeof ENDS)[number], readonly number[]>>;
  readonly objects: Readonly<Record<Kind, Readonly<Record<(typeof READY)[number], number>>>>;
  readonly orphans: number;
  /** Applications whose settings leave part of a request unsigned or ambiguous. */
  readonly weakSigning: number;
  /** Objects whose condition Unused is True. */
  readonly unused: Readonly<Record<(typeof USED)[number], number>>;
  /** Objects whose last use is not in their status yet. */
  readonly lastUseWaiting: number;
  readonly queueAge: number;
  /** How many objects may be reconciled concurrently now. */
  readonly workers: number;
  /** Acknowledgement lag by verifier. */
  readonly lag: ReadonlyMap<string, number>;
  readonly verifiers: Readonly<Record<(typeof VERIFIER_STATES)[number], number>>;
}

/** The operator's counters; all series exist at 0 from the start. */
export function operatorMetrics(registry: Registry) {
  const registers = [registry];
  const metrics = {
    reconciles: new Counter({
      name: "countersign_reconcile_total",
      help: "Reconciles by kind and result.",
      labelNames: ["kind", "result"],
      registers,
    }),
    duration: new Histogram({
      name: "countersign_reconcile_duration_seconds",
      help: "Time of one reconcile by kind.",
      labelNames: ["kind"],
      buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
      registers,
    }),
    queueDepth: gauge(registry, "queue_depth", "Objects that wait to be reconciled."),
    leading: gauge(registry, "operator_leading", "1 while this process reconciles."),
    watchRestarts: new Counter({
      name: "countersign_watch_restarts_total",
      help: "Watches that were restarted, by resource.",
      labelNames: ["resource"],
      registers,
    }),
  };
  for (const kind of KINDS) {
    for (const result of ["done", "later", "error"]) metrics.reconciles.inc({ kind, result }, 0);
    metrics.duration.zero({ kind });
  }
  for (const resource of [...RESOURCES, OTHER]) metrics.watchRestarts.inc({ resource }, 0);
  return metrics;
}

export type OperatorMetrics = ReturnType<typeof operatorMetrics>;

/** The gauges of the objects and their keys; the names are without `countersign_`. */
const GAUGES = {
  keys: { name: "keys", help: "Key pairs that are valid or will be soon, by state.", labelNames: ["state"] },
  keyAge: {
    name: "active_key_age_seconds",
    help: "Age of active key pairs: median and oldest.",
    labelNames: ["rank"],
  },
  expiring: {
    name: "expiring",
    help: "Applications, ApiGrants and retiring keys that end within this time.",
    labelNames: ["kind", "within"],
  },
  nextExpiry: {
    name: "next_expiry_seconds",
    help: "Time until the next of them ends; -1 if none does.",
    labelNames: ["kind"],
  },
  objects: {
    name: "objects",
    help: "Objects by kind and by the status of their Ready condition.",
    labelNames: ["kind", "ready"],
  },
  orphans: { name: "orphans", help: "Projections without an object.", labelNames: [] },
  weakSigning: {
    name: "weak_signing_applications",
    help: "Applications whose settings leave part of a request unsigned or ambiguous (condition WeakSigning).",
    labelNames: [],
  },
  unused: {
    name: "unused_objects",
    help: "Objects that were not used for --unused-after (condition Unused), by kind; 0 if last use is not recorded.",
    labelNames: ["kind"],
  },
  lastUseWaiting: {
    name: "last_use_waiting_objects",
    help: "Objects whose last use waits to be written to their status; at most 10 a second are written.",
    labelNames: [],
  },
  queueAge: {
    name: "queue_age_seconds",
    help: "How long the first object in the queue has been waiting.",
    labelNames: [],
  },
  workers: {
    name: "workers",
    help: "How many objects may be reconciled concurrently; adapts to the load of the API server, up to --workers.",
    labelNames: [],
  },
  verifiers: {
    name: "verifiers",
    help: "Verifiers with a Lease: live, or silent for more than 30 s, so that removals wait for them.",
    labelNames: ["state"],
  },
  lag: {
    name: "acknowledgement_lag_seconds",
    help: "Age of the oldest change that a verifier has not applied.",
    labelNames: ["verifier"],
  },
} as const satisfies Record<string, GaugeText>;

type Gauges = Readonly<Record<keyof typeof GAUGES, Gauge>>;

interface GaugeText {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
}

/** Gauges of the objects and their keys. Returns a function that updates them; without figures, when this process does not lead. */
export function operatorGauges(registry: Registry) {
  const gauges = Object.fromEntries(
    Object.entries(GAUGES).map(([key, { name, help, labelNames }]) => [
      key,
      gauge(registry, name, help, labelNames),
    ]),
  ) as Gauges;
  const refresh = (figures: OperatorFigures = NOTHING) => show(gauges, figures);
  refresh();
  return refresh;
}

const NONE = { True: 0, False: 0, Unknown: 0 };
const NOTHING: OperatorFigures = {
  keys: { Active: 0, Pending: 0, Retiring: 0 },
  keyAge: { median: 0, oldest: 0 },
  ends: { Application: [], ApiGrant: [], Key: [] },
  objects: { Application: NONE, ApiGrant: NONE, ApiDomain: NONE },
  orphans: 0,
  weakSigning: 0,
  unused: { Application: 0, ApiGrant: 0 },
  lastUseWaiting: 0,
  queueAge: 0,
  workers: 0,
  lag: new Map(),
  verifiers: { live: 0, silent: 0 },
};

function show(gauges: Gauges, figures: OperatorFigures): void {
  for (const state of KEY_STATES) gauges.keys.set({ state }, figures.keys[state]);
  gauges.keyAge.set({ rank: "median" }, figures.keyAge.median);
  gauges.keyAge.set({ rank: "oldest" }, figures.keyAge.oldest);
  for (const kind of ENDS) {
    const ends = figures.ends[kind];
    for (const [within, seconds] of WITHIN)
      gauges.expiring.set({ kind, within }, ends.filter((end) => end <= seconds).length);
    gauges.nextExpiry.set({ kind }, ends.length === 0 ? -1 : ends.reduce((a, b) => Math.min(a, b)));
  }
  for (const kind of KINDS)
    for (const ready of READY) gauges.objects.set({ kind, ready }, figures.objects[kind][ready]);
  gauges.orphans.set(figures.orphans);
  gauges.weakSigning.set(figures.weakSigning);
  for (const kind of USED) gauges.unused.set({ kind }, figures.unused[kind]);
  gauges.lastUseWaiting.set(figures.lastUseWaiting);
  gauges.queueAge.set(figures.queueAge);
  gauges.workers.set(figures.workers);
  for (const state of VERIFIER_STATES) gauges.verifiers.set({ state }, figures.verifiers[state]);
  gauges.lag.reset();
  for (const [verifier, seconds] of figures.lag) gauges.lag.set({ verifier }, seconds);
}

function gauge(registry: Registry, name: string, help: string, labelNames: readonly string[] = []): Gauge {
  return new Gauge({ name: `countersign_${name}`, help, labelNames, registers: [registry] });
}

/** The operator's meter, which counts in these metrics. */
export function operatorMeter({ reconciles, duration, queueDepth }: OperatorMetrics) {
  return {
    reconciled: (kind: string, result: string, seconds: number) => {
      reconciles.inc({ kind, result });
      duration.observe({ kind }, seconds);
    },
    queueDepth: (depth: number) => queueDepth.set(depth),
  };
}

/** The label for the path of a resource, which ends with its plural. */
export function resourceOf(path: string): string {
  const last = path.split("/").at(-1) ?? "";
  return (RESOURCES as readonly string[]).includes(last) ? last : OTHER;
}
