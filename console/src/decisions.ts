import { useEffect, useState } from "preact/hooks";
import type { DenialCount, MetricsView, VerifierDecisions } from "../../src/console/view/metrics.ts";

/** How often the metrics are read, in milliseconds, and how many looks are kept: five minutes. */
const EVERY_MS = 2_000;
const KEPT = 150;

/** Decisions per second by code, between one look and the next. `at` is in epoch seconds. */
interface Rates {
  readonly at: number;
  readonly perSecond: ReadonlyMap<string, number>;
}

/** What was seen of the decisions since the page was opened. */
export interface Decisions {
  readonly last: MetricsView | undefined;
  readonly rates: readonly Rates[];
  /** By code, since the first look. */
  readonly counts: ReadonlyMap<string, number>;
  /** By code, Application and API, since the first look. */
  readonly denials: ReadonlyMap<string, DenialCount>;
}

const NOTHING: Decisions = { last: undefined, rates: [], counts: new Map(), denials: new Map() };

/** Kept while the viewer looks at other pages. */
let known: Decisions = NOTHING;

/** Follows the decisions of the verifiers, while a page shows them. */
export function useDecisions(isOn: boolean): Decisions {
  const [decisions, setDecisions] = useState(known);
  useEffect(() => {
    if (!isOn) return;
    const look = async () => {
      const response = await fetch("/api/metrics").catch(() => undefined);
      if (!response?.ok) return;
      known = withLook(known, (await response.json()) as MetricsView);
      setDecisions(known);
    };
    void look();
    const timer = setInterval(() => void look(), EVERY_MS);
    return () => clearInterval(timer);
  }, [isOn]);
  return decisions;
}

/** Adds a look. A verifier that is new, or that has started again, adds nothing until the next one. */
function withLook(before: Decisions, next: MetricsView): Decisions {
  const { last } = before;
  if (!last) return { ...before, last: next };
  const seconds = (next.at - last.at) / 1_000;
  if (seconds <= 0) return before;
  const added = increases(last, next, ({ decisions }) => Object.entries(decisions));
  const perSecond = new Map([...added].map(([code, count]) => [code, count / seconds]));
  const rates = [...before.rates, { at: next.at / 1_000, perSecond }].slice(-KEPT);
  return { last: next, rates, counts: sum(before.counts, added), denials: moreDenials(before, next) };
}

function moreDenials({ last, denials }: Decisions, next: MetricsView): Decisions["denials"] {
  const added = increases(last, next, (one) => one.denials.map((denial) => [keyOf(denial), denial.count]));
  if (added.size === 0) return denials;
  const named = new Map(
    next.verifiers.flatMap((one) => one.denials.map((denial) => [keyOf(denial), denial])),
  );
  const all = new Map(denials);
  for (const [key, more] of added) {
    const denial = named.get(key);
    if (denial) all.set(key, { ...denial, count: (denials.get(key)?.count ?? 0) + more });
  }
  return all;
}

function keyOf({ code, application, api }: DenialCount): string {
  return `${code} ${application} ${api}`;
}

type Counts = (verifier: VerifierDecisions) => readonly (readonly [name: string, count: number])[];

/** By how much the counts have grown from one look to the next, over all verifiers. */
function increases(
  last: MetricsView | undefined,
  next: MetricsView,
  countsOf: Counts,
): ReadonlyMap<string, number> {
  const old = new Map(last?.verifiers.map((one) => [one.verifier, new Map(countsOf(one))]));
  let added: ReadonlyMap<string, number> = new Map();
  for (const one of next.verifiers) {
    const earlier = old.get(one.verifier);
    if (!earlier) continue;
    const grown = countsOf(one).map(([name, count]) => [name, count - (earlier.get(name) ?? 0)] as const);
    added = sum(
      added,
      grown.filter(([, more]) => more > 0),
    );
  }
  return added;
}

function sum(
  counts: ReadonlyMap<string, number>,
  added: Iterable<readonly [name: string, count: number]>,
): ReadonlyMap<string, number> {
  const all = new Map(counts);
  for (const [name, count] of added) all.set(name, (all.get(name) ?? 0) + count);
  return all;
}
