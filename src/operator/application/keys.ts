import type { ApplicationSpec } from "../../api/application.ts";
import { timestamp } from "../../base/timestamp.ts";
import type { KeyRecord } from "../../projection/documents.ts";
import type { Fresh } from "./freshPair.ts";
import type { Imported } from "./imported.ts";
import { dueAt, isRetired, MAX_KEYS, overlapOf, RECORD_MS } from "./rotation.ts";

/** The facts that determine the next state of an Application's keys. */
export interface KeyFacts {
  readonly keys: readonly KeyRecord[];
  readonly revoked: ReadonlySet<string>;
  readonly credentials: ApplicationSpec["credentials"];
  readonly imported: Imported;
  readonly fresh: Fresh;
  /** The latest rotation request that was fulfilled. */
  readonly rotatedFor: string | undefined;
  /** Whether every live verifier has applied the pending key. */
  readonly mayPublish: boolean;
  /** The ApiAppKey of the pair that callers can read in the credentials Secret. */
  readonly published: string | undefined;
  readonly now: number;
}

type Keys = readonly KeyRecord[];

/**
 * The desired keys. Invariants: at most one Pending, at most one Active, and the secret of a key never changes. A key that replaces no
 * Active one is Active in the write that adds it. Callers cannot read it before the verifiers have it (`planCredentials`).
 */
export function nextKeys(facts: KeyFacts): Keys {
  const steps = [withoutRevoked, withoutRetired, withPendingPromoted, withRetirement, withWanted];
  return steps.reduce<Keys>((keys, step) => step(keys, facts), facts.keys);
}

function withoutRevoked(keys: Keys, { revoked }: KeyFacts): Keys {
  return keys.filter(({ apiAppKey }) => !revoked.has(apiAppKey));
}

/** Retired keys stay on record for RECORD_MS; the earliest ones are dropped sooner if other keys need the room. */
function withoutRetired(keys: Keys, { now }: KeyFacts): Keys {
  const kept = keys.filter((key) => !isRetired(key, now - RECORD_MS));
  const retired = kept.filter((key) => isRetired(key, now)).sort((a, b) => endOf(a) - endOf(b));
  const excess = new Set(retired.slice(0, Math.max(0, kept.length - MAX_KEYS + 1)));
  return kept.filter((key) => !excess.has(key));
}

function endOf({ retiresAt = "" }: KeyRecord): number {
  return Date.parse(retiresAt);
}

/** The former active key gets no end yet: callers read it until the Secret has its successor. */
function withPendingPromoted(keys: Keys, { mayPublish }: KeyFacts): Keys {
  if (!mayPublish || !keys.some(({ state }) => state === "Pending")) return keys;
  return keys.map((key) => {
    if (key.state === "Pending") return { ...key, state: "Active" };
    return key.state === "Active" ? { ...key, state: "Retiring" } : key;
  });
}

/** The overlap begins when callers can read the successor. An announced end is only ever postponed, by a longer overlap. */
function withRetirement(keys: Keys, { credentials, published, now }: KeyFacts): Keys {
  const isReadable = keys.find(({ state }) => state === "Active")?.apiAppKey === published;
  // If the clock was set back, the overlap counts from the latest recorded time.
  const at = Math.max(now, ...keys.map(({ createdAt }) => Date.parse(createdAt)));
  return keys.map((key) => {
    if (key.state !== "Retiring" || isRetired(key, now)) return key;
    const replacedAt = key.replacedAt ?? (isReadable ? timestamp(at) : undefined);
    if (replacedAt === undefined) return key;
    return {
      ...key,
      replacedAt,
      retiresAt: laterOf(key.retiresAt, replacedAt, overlapOf(credentials.rotation)),
    };
  });
}

/** Rounded up to a second, so that the overlap is never shorter than requested. */
function laterOf(announced: string | undefined, replacedAt: string, overlap: number): string {
  const end = timestamp(Date.parse(replacedAt) + overlap + 999);
  return announced !== undefined && Date.parse(announced) >= Date.parse(end) ? announced : end;
}

function withWanted(keys: Keys, facts: KeyFacts): Keys {
  return facts.credentials.source === "Imported" ? withImported(keys, facts) : withGenerated(keys, facts);
}

function withGenerated(keys: Keys, { credentials, fresh, rotatedFor, now }: KeyFacts): Keys {
  if (keys.some(({ state, source }) => state === "Pending" && source === "Generated")) return keys;
  const settled = withoutPending(keys);
  const active = settled.find(({ state }) => state === "Active");
  const wanted =
    !active || active.source === "Imported" || dueAt(active, credentials.rotation, rotatedFor) <= now;
  if (!wanted || (active && settled.length >= MAX_KEYS)) return settled;
  const { apiAppKey, apiAppSecret } = fresh;
  return [
    ...settled,
    {
      apiAppKey,
      apiAppSecret,
      source: "Generated",
      state: active ? "Pending" : "Active",
      createdAt: timestamp(now),
    },
  ];
}

function withImported(keys: Keys, { imported, now }: KeyFacts): Keys {
  if (imported.kind !== "pair") return keys;
  const { apiAppKey, apiAppSecret } = imported;
  const known = keys.find((key) => key.apiAppKey === apiAppKey);
  if (known?.state === "Pending") return keys;
  const settled = withoutPending(keys);
  if (known?.state === "Active") return settled;
  const rest = settled.filter((key) => key !== known);
  return [
    ...rest,
    {
      apiAppKey,
      apiAppSecret,
      source: known?.source ?? "Imported",
      state: rest.some(({ state }) => state === "Active") ? "Pending" : "Active",
      createdAt: known?.createdAt ?? timestamp(now),
    },
  ];
}

/** Drops an obsolete pending key if it was generated, since it was never published. Callers may already have an imported one, so it retires. */
function withoutPending(keys: Keys): Keys {
  return keys.flatMap((key): Keys => {
    if (key.state !== "Pending") return [key];
    return key.source === "Generated" ? [] : [{ ...key, state: "Retiring" }];
  });
}
