import type { ApplicationProjection, KeyRecord } from "../../projection/documents.ts";
import type { EventReason } from "../conditions/eventReasons.ts";
import type { StepEvent } from "../plan/step.ts";

/** What people are told of a record that was there no more. */
export const PROJECTION_RESTORED = told(
  "ProjectionRestored",
  "The projection was deleted by others; wrote it again with the same id and keys",
);

/** What people are told of a change of keys; of several the most serious. */
export function keyEvent(
  before: ApplicationProjection | undefined,
  after: ApplicationProjection,
): StepEvent | undefined {
  const old = new Map((before?.keys ?? []).map((key) => [key.apiAppKey, key]));
  return (
    revoked([...old.keys()], before?.revokedKeys ?? [], after.revokedKeys) ??
    created(old, after.keys) ??
    retiring(old, after.keys)
  );
}

/** What people are told when keys disappear from the status because their time is over. */
export function retiredEvent(
  shown: readonly { readonly apiAppKey: string; readonly retiresAt?: string }[],
  after: readonly { readonly apiAppKey: string }[],
  now: number,
): StepEvent | undefined {
  const kept = new Set(after.map(({ apiAppKey }) => apiAppKey));
  const retired = shown.filter(
    ({ apiAppKey, retiresAt }) => !kept.has(apiAppKey) && Date.parse(retiresAt ?? "") <= now,
  );
  if (retired.length === 0) return undefined;
  return told("KeyRetired", `Retired ${retired.map(({ apiAppKey }) => apiAppKey).join(", ")}`);
}

function revoked(
  keys: readonly string[],
  before: readonly string[],
  after: readonly string[],
): StepEvent | undefined {
  const found = keys.filter((key) => after.includes(key) && !before.includes(key));
  return found.length > 0 ? told("KeyRevoked", `Revoked ${found.join(", ")}`) : undefined;
}

function created(old: ReadonlyMap<string, KeyRecord>, keys: readonly KeyRecord[]): StepEvent | undefined {
  const fresh = keys.find(({ apiAppKey, state }) => state === "Pending" && !old.has(apiAppKey));
  if (!fresh) return undefined;
  return told(old.size > 0 ? "KeyRotating" : "KeyCreated", `${fresh.apiAppKey} waits for the verifiers`);
}

function retiring(old: ReadonlyMap<string, KeyRecord>, keys: readonly KeyRecord[]): StepEvent | undefined {
  const ending = keys.find(
    ({ apiAppKey, retiresAt }) => retiresAt !== undefined && retiresAt !== old.get(apiAppKey)?.retiresAt,
  );
  return ending && told("KeyRetiring", `${ending.apiAppKey} is valid until ${ending.retiresAt}`);
}

function told(reason: EventReason, message: string): StepEvent {
  return { type: "Normal", reason, action: "Projecting", message };
}
