import type { Kind } from "../../api/vocabulary.ts";
import type { Gap } from "../gap.ts";
import type { ConsoleObjects, VerifierRow } from "../source.ts";
import { byName } from "./applications.ts";
import { type ObjectState, type StateView, type StatusObject, stateOf } from "./state.ts";

/** The number of objects of one kind in each state. */
export type StateCounts = Readonly<Record<ObjectState, number>>;

/** An object that needs somebody. */
export interface ProblemRow extends StateView {
  readonly kind: Kind;
  readonly namespace: string;
  readonly name: string;
}

/** Something that ends: an Application, a grant, or the validity of a key pair. `at` is RFC 3339. */
export interface EndingRow {
  readonly what: "Application" | "ApiGrant" | "KeyPair";
  readonly namespace: string;
  readonly name: string;
  /** The ApiAppKey of a key pair, otherwise "". */
  readonly key: string;
  readonly at: string;
}

/** The first page. */
export interface OverviewView {
  readonly counts: Readonly<Record<Kind, StateCounts>>;
  /** The first of them by kind and name; `problemCount` is the number of all. */
  readonly problems: readonly ProblemRow[];
  readonly problemCount: number;
  /** What ends within 30 days, soonest first; `endingCount` is the number of all. */
  readonly ending: readonly EndingRow[];
  readonly endingCount: number;
  readonly verifiers: readonly VerifierRow[];
  readonly gaps: readonly Gap[];
}

/** More lines than these are counted, not sent. */
const SHOWN = 50;
const SOON_MS = 30 * 86_400_000;

/** The first page at an instant (epoch milliseconds), without verifiers. */
export function overviewOf(
  { applications, grants, domains }: ConsoleObjects,
  now: number,
): Omit<OverviewView, "verifiers" | "gaps"> {
  const all = [...applications.values(), ...grants.values(), ...domains.values()];
  const problems = all.flatMap(problemOf).sort(byName);
  const ending = endingOf({ applications, grants }, now);
  return {
    counts: {
      Application: countStates(applications.values()),
      ApiGrant: countStates(grants.values()),
      ApiDomain: countStates(domains.values()),
    },
    problems: problems.slice(0, SHOWN),
    problemCount: problems.length,
    ending: ending.slice(0, SHOWN),
    endingCount: ending.length,
  };
}

function problemOf(object: StatusObject): readonly ProblemRow[] {
  const found = stateOf(object);
  if (found.state === "ready" || found.state === "off") return [];
  const { kind, metadata } = object;
  return [{ kind, namespace: metadata.namespace ?? "", name: metadata.name, ...found }];
}

function countStates(objects: Iterable<StatusObject>): StateCounts {
  const counts = { ready: 0, off: 0, notReady: 0, waiting: 0, deleting: 0 };
  for (const object of objects) counts[stateOf(object).state] += 1;
  return counts;
}

function endingOf(
  { applications, grants }: Pick<ConsoleObjects, "applications" | "grants">,
  now: number,
): readonly EndingRow[] {
  const rows: EndingRow[] = [];
  const add = (row: Omit<EndingRow, "at">, at: string | undefined) => {
    const time = at === undefined ? Number.NaN : Date.parse(at);
    if (at !== undefined && time > now && time <= now + SOON_MS) rows.push({ ...row, at });
  };
  for (const { metadata, spec, status } of applications.values()) {
    const { namespace = "", name } = metadata;
    add({ what: "Application", namespace, name, key: "" }, spec.expiresAt);
    for (const { apiAppKey, retiresAt } of status?.keys ?? [])
      add({ what: "KeyPair", namespace, name, key: apiAppKey }, retiresAt);
  }
  for (const { metadata, spec } of grants.values())
    add(
      { what: "ApiGrant", namespace: metadata.namespace ?? "", name: metadata.name, key: "" },
      spec.expiresAt,
    );
  return rows.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}
