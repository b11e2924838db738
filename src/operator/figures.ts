import type { Condition } from "../api/meta.ts";
import type { KeyState, Kind } from "../api/vocabulary.ts";
import type { Projection } from "../projection/documents.ts";
import type { Store } from "../store/store.ts";
import { isRetired } from "./application/rotation.ts";
import { collectionKeyOf, subjectOfProjection } from "./subject.ts";

type Expiring = "Application" | "ApiGrant" | "Key";

/** The values of the operator's gauges. Every label set is fixed, except that there is one verifier name per Lease. */
export interface Figures {
  readonly keys: Readonly<Record<KeyState, number>>;
  /** Ages of the active keys in seconds: median and maximum. */
  readonly keyAge: { readonly median: number; readonly oldest: number };
  /** Seconds until the end of each Application, ApiGrant and retiring key whose end is in the future. */
  readonly ends: Readonly<Record<Expiring, readonly number[]>>;
  readonly objects: Readonly<Record<Kind, Readonly<Record<"True" | "False" | "Unknown", number>>>>;
  /** Projections without an object: withdrawn, or kept for as long as --restore is on. */
  readonly orphans: number;
  /** Applications whose condition WeakSigning is True. */
  readonly weakSigning: number;
  /** Applications and ApiGrants whose condition Unused is True. */
  readonly unused: Readonly<Record<"Application" | "ApiGrant", number>>;
}

/** Computes the gauges. The cost grows with the number of objects, so this runs once per scrape. */
export function figuresOf(
  {
    projections,
    applications,
    grants,
    domains,
  }: Pick<Store, "projections" | "applications" | "grants" | "domains">,
  now: number,
): Figures {
  const living = [...projections.values()].flatMap(({ document }) =>
    document && !document.tombstone ? [document] : [],
  );
  const objects = { Application: applications, ApiGrant: grants, ApiDomain: domains };
  const names = [...projections.values()].map(({ name }) => subjectOfProjection(name));
  return {
    ...keyFigures(living, now),
    objects: {
      Application: readiness(applications.values()),
      ApiGrant: readiness(grants.values()),
      ApiDomain: readiness(domains.values()),
    },
    orphans: names.filter((subject) => subject && !objects[subject.kind].get(collectionKeyOf(subject)))
      .length,
    weakSigning: countTrue(applications.values(), "WeakSigning"),
    unused: {
      Application: countTrue(applications.values(), "Unused"),
      ApiGrant: countTrue(grants.values(), "Unused"),
    },
  };
}

function keyFigures(
  documents: readonly Projection[],
  now: number,
): Pick<Figures, "keys" | "keyAge" | "ends"> {
  const keys = documents
    .flatMap((document) => (document.kind === "Application" ? document.keys : []))
    .filter((key) => !isRetired(key, now));
  const count = (state: string) => keys.filter((key) => key.state === state).length;
  const ages = keys
    .filter(({ state }) => state === "Active")
    .map(({ createdAt }) => Math.max(0, now - Date.parse(createdAt)) / 1000)
    .sort((a, b) => a - b);
  const endsOf = (times: readonly (string | undefined)[]) =>
    times.map((time) => (Date.parse(time ?? "") - now) / 1000).filter((seconds) => seconds > 0);
  const expiries = (kind: "Application" | "ApiGrant") =>
    endsOf(documents.map((document) => (document.kind === kind ? document.expiresAt : undefined)));
  return {
    keys: { Active: count("Active"), Pending: count("Pending"), Retiring: count("Retiring") },
    keyAge: { median: ages[ages.length >> 1] ?? 0, oldest: ages.at(-1) ?? 0 },
    ends: {
      Application: expiries("Application"),
      ApiGrant: expiries("ApiGrant"),
      Key: endsOf(keys.map(({ retiresAt }) => retiresAt)),
    },
  };
}

interface Conditioned {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

function readiness(objects: Iterable<Conditioned>) {
  const counts = { True: 0, False: 0, Unknown: 0 };
  for (const object of objects) counts[statusOf(object, "Ready") ?? "Unknown"] += 1;
  return counts;
}

function countTrue(objects: Iterable<Conditioned>, type: string): number {
  return [...objects].filter((object) => statusOf(object, type) === "True").length;
}

function statusOf({ status }: Conditioned, wanted: string): Condition["status"] | undefined {
  return status?.conditions?.find(({ type }) => type === wanted)?.status;
}
