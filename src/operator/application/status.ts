import { type ApplicationStatus, weakSettingsOf } from "../../api/application.ts";
import { SHORT_SECRET_BYTES } from "../../api/keyPair.ts";
import type { ApplicationProjection, KeyRecord } from "../../projection/documents.ts";
import { type ConditionDraft, type DraftOrKept, listed } from "../conditions/conditionDraft.ts";
import { programmed } from "../conditions/programmed.ts";
import type { Reason } from "../conditions/reasons.ts";
import { expiring } from "../conditions/reminders.ts";
import { accepted, ready } from "../conditions/summary.ts";
import { type UsePart, usedTimes } from "../lastUse/usePart.ts";
import { isAcknowledgedByLive } from "../verifiers/acknowledgement.ts";
import { isOwnedBy, isPublished, secretNameOf } from "./credentials.ts";
import { readImport } from "./imported.ts";
import type { Living } from "./observed.ts";
import { readPublicKeys } from "./publicKeys.ts";
import { isRetired, remindedAt } from "./rotation.ts";

/** The conditions of an Application with a valid spec. */
export function conditionsOf(
  living: Living,
  document: ApplicationProjection,
  now: number,
): readonly DraftOrKept[] {
  const facts = [accepted(), credentialsReady(living, document), programmed(living.seen)];
  const { suspended, expiresAt } = living.spec;
  return [
    ...facts,
    ...weakSigning(living),
    ...weakCredentials(document, now),
    ...expiring(living.spec, now),
    ...rotationDue(living, document, now),
    ...living.seen.use.conditions,
    ready(facts, { suspended, expiresAt }, now),
  ];
}

/** The fields of an Application's status other than conditions and grants. They contain no secret. */
export function fieldsOf(
  { object, spec, seen: { use } }: Living,
  document: ApplicationProjection,
  now: number,
): Omit<ApplicationStatus, "conditions"> {
  const keys = document.keys.filter((key) => !isRetired(key, now));
  const newest = [...keys].sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt)).slice(0, 16);
  return {
    applicationId: document.applicationId,
    secretName: secretNameOf(object, spec),
    keys: newest.map((key) => ({ ...keyStatus(key), ...lastUsed(use, key.apiAppKey) })),
    keysCount: keys.length,
    ...publicKeysStatus(use, document),
    ...usedTimes(use),
  };
}

function keyStatus({ apiAppKey, state, createdAt, retiresAt }: KeyRecord) {
  return { apiAppKey, state, createdAt, ...(retiresAt === undefined ? {} : { retiresAt }) };
}

/** Public keys are listed once they were used: the spec has the others. */
function publicKeysStatus(
  use: UsePart,
  { publicKeys = [] }: ApplicationProjection,
): Pick<ApplicationStatus, "publicKeys"> {
  const used = publicKeys.flatMap(({ keyId }) => {
    const lastUsedTime = use.keys.get(keyId);
    return lastUsedTime === undefined ? [] : [{ keyId, lastUsedTime }];
  });
  return used.length === 0 ? {} : { publicKeys: used };
}

function lastUsed({ keys }: UsePart, id: string): { readonly lastUsedTime?: string } {
  const lastUsedTime = keys.get(id);
  return lastUsedTime === undefined ? {} : { lastUsedTime };
}

/** Reports an unusable import even while the last usable pair stays in effect. */
function credentialsReady(living: Living, document: ApplicationProjection): ConditionDraft {
  const { seen, object, spec } = living;
  const name = secretNameOf(object, spec);
  const imported = readImport(living);
  if (imported.kind === "unusable") return notReady(imported.reason, imported.message);
  const foreign = seen.credentials && !isOwnedBy(seen.credentials, object.metadata.uid);
  if (foreign || (seen.credentialsTaken && !seen.credentials)) {
    const message = `A Secret ${name} exists that this Application does not own, or whose label was removed: delete it, or choose another secretName`;
    return notReady("SecretNotOurs", message);
  }
  const { problems } = readPublicKeys(living);
  if (problems.length > 0) return notReady("PublicKeyUnusable", problems.join("; "));
  if (isPublished(living, document)) {
    const message = `Secret ${name} holds the active key pair`;
    return { type: "CredentialsReady", status: "True", reason: "Published", message };
  }
  const waits = isAcknowledgedByLive(seen.acknowledgement)
    ? "is being written"
    : `is written once every live verifier has the key. ${programmed(seen).message}`;
  return notReady("WaitingForKey", `Secret ${name} ${waits}`);
}

function notReady(reason: Reason, message: string): ConditionDraft {
  return { type: "CredentialsReady", status: "False", reason, message };
}

function weakSigning({ spec: { signing } }: Living): readonly ConditionDraft[] {
  const weak = weakSettingsOf(signing);
  if (weak.length === 0) return [];
  const isHeadersOnly = signing.schemes.includes("TencentKeyPair");
  const message = isHeadersOnly
    ? `Requests may have any method, path and body, since only headers are signed: ${weak.join(", ")}`
    : `Part of a request may be unsigned or ambiguous: ${weak.join(", ")}`;
  const reason = isHeadersOnly ? "OnlyHeadersSigned" : "OpenVariants";
  return [{ type: "WeakSigning", status: "True", reason, message }];
}

/** By the keys that are valid, not by allowShortSecret: a short secret stays in use until its key retires. */
function weakCredentials({ keys }: ApplicationProjection, now: number): readonly ConditionDraft[] {
  const short = keys.filter(
    (key) => !isRetired(key, now) && Buffer.byteLength(key.apiAppSecret.reveal()) < SHORT_SECRET_BYTES,
  );
  if (short.length === 0) return [];
  const names = listed(short.map(({ apiAppKey }) => apiAppKey));
  const message = `An ApiAppSecret of fewer than ${SHORT_SECRET_BYTES} bytes could be guessed: ${names}. Give the caller a key pair with a longer secret, then revoke this key`;
  return [{ type: "WeakCredentials", status: "True", reason: "ShortSecret", message }];
}

function rotationDue(
  { spec }: Living,
  { keys }: ApplicationProjection,
  now: number,
): readonly ConditionDraft[] {
  const { rotation, source } = spec.credentials;
  const active = keys.find(({ state }) => state === "Active");
  if (!active || remindedAt(active, rotation) > now) return [];
  const remedy =
    source === "Imported"
      ? "write a new pair to the Secret that importFrom names"
      : "set credentials.rotation.requestedAt to the current time, or set an interval";
  const message = `${active.apiAppKey} is in use since ${active.createdAt}, longer than remindAfter (${rotation?.remindAfter}): ${remedy}`;
  return [{ type: "RotationDue", status: "True", reason: "KeyIsOld", message }];
}
