import type { ApplicationProjection, KeyRecord } from "../../projection/documents.ts";
import type { EventReason } from "../conditions/eventReasons.ts";
import type { StepEvent } from "../plan/step.ts";

/** The Event for a projection that was deleted by hand and is recreated. */
export const PROJECTION_RESTORED = eventOf(
  "ProjectionRestored",
  "The projection was deleted by another client; recreated it with the same id and keys",
);

/** The Event for a change of keys: revocation before creation before retirement. */
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

/** The Event for keys that leave the status because their end has passed. */
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
  return eventOf("KeyRetired", `Retired ${retired.map(({ apiAppKey }) => apiAppKey).join(", ")}`);
}

function revoked(
  keys: readonly string[],
  before: readonly string[],
  after: readonly string[],
): StepEvent | undefined {
  const found = keys.filter((key) => after.includes(key) && !before.includes(key));
  return found.length > 0 ? eventOf("KeyRevoked", `Revoked ${found.join(", ")}`) : undefined;
}

function created(old: ReadonlyMap<string, KeyRecord>, keys: readonly KeyRecord[]): StepEvent | undefined {
  const fresh = keys.find(({ apiAppKey }) => !old.has(apiAppKey));
  if (!fresh) return undefined;
  return eventOf(old.size > 0 ? "KeyRotating" : "KeyCreated", `${fresh.apiAppKey} waits for the verifiers`);
}

function retiring(old: ReadonlyMap<string, KeyRecord>, keys: readonly KeyRecord[]): StepEvent | undefined {
  const ending = keys.find(
    ({ apiAppKey, retiresAt }) => retiresAt !== undefined && retiresAt !== old.get(apiAppKey)?.retiresAt,
  );
  return ending && eventOf("KeyRetiring", `${ending.apiAppKey} is valid until ${ending.retiresAt}`);
}

function eventOf(reason: EventReason, message: string): StepEvent {
  return { type: "Normal", reason, action: "Projecting", message };
}
