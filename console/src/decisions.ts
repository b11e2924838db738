import { useEffect, useState } from "preact/hooks";
import type { MetricsView } from "../../src/console/view/metrics.ts";

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
}

const NOTHING: Decisions = { last: undefined, rates: [], counts: new Map() };

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
  const added = increases(last, next);
  const counts = new Map(before.counts);
  for (const [code, count] of added) counts.set(code, (counts.get(code) ?? 0) + count);
  const perSecond = new Map([...added].map(([code, count]) => [code, count / seconds]));
  const rates = [...before.rates, { at: next.at / 1_000, perSecond }].slice(-KEPT);
  return { last: next, rates, counts };
}

function increases(last: MetricsView, next: MetricsView): ReadonlyMap<string, number> {
  const old = new Map(last.verifiers.map(({ verifier, decisions }) => [verifier, decisions]));
  const added = new Map<string, number>();
  for (const { verifier, decisions } of next.verifiers) {
    const was = old.get(verifier);
    if (!was) continue;
    const earlier = new Map(Object.entries(was));
    for (const [code, count] of Object.entries(decisions)) {
      const more = count - (earlier.get(code) ?? 0);
      if (more > 0) added.set(code, (added.get(code) ?? 0) + more);
    }
  }
  return added;
}
