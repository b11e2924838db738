import type { Application, ApplicationSpec } from "../../api/application.ts";
import { CREDENTIAL_KEYS, LABEL_CREDENTIALS, SECRET_TYPES } from "../../api/names.ts";
import type { ApplicationProjection, KeyRecord } from "../../projection/documents.ts";
import type { CredentialsContent, SecretObject } from "../../store/store.ts";
import { defaultSecretName } from "../index/secretIndex.ts";
import type { WriteStep } from "../plan/step.ts";
import { refOf } from "../subject.ts";
import { isAcknowledgedByLive } from "../verifiers/acknowledgement.ts";
import type { Living } from "./observed.ts";

/** The name of the Secret that the operator writes the active pair to. */
export function secretNameOf({ metadata }: Application, { credentials }: ApplicationSpec): string {
  return credentials.secretName ?? defaultSecretName(metadata.name);
}

/** Whether a Secret is a credentials Secret of the Application with this UID. */
export function isOwnedBy({ metadata }: SecretObject, uid: string): boolean {
  return (metadata.ownerReferences ?? []).some((owner) => owner.kind === "Application" && owner.uid === uid);
}

/** The ApiAppKey that callers can read in the credentials Secret. */
export function publishedKey({ seen, object }: Living): string | undefined {
  if (!seen.credentials || !isOwnedBy(seen.credentials, object.metadata.uid)) return undefined;
  return seen.credentials.data.get(CREDENTIAL_KEYS.key)?.reveal();
}

/**
 * Writes the active pair to the credentials Secret. A pair that callers cannot read there yet waits until every live verifier has applied
 * the projection. A Secret that the Application does not own is never changed.
 */
export function planCredentials(living: Living, document: ApplicationProjection): WriteStep | undefined {
  const { seen, object } = living;
  const active = document.keys.find(({ state }) => state === "Active");
  const secret = seen.credentials;
  if (secret && !isOwnedBy(secret, object.metadata.uid)) return undefined;
  if (!active) return secret && document.keys.length === 0 ? remove(secret) : undefined;
  const content = contentOf(living, document, active);
  if (secret && holds(secret, content)) return seen.formerCredentials.map(remove)[0];
  const isReadable = publishedKey(living) === active.apiAppKey;
  if (!isReadable && !isAcknowledgedByLive(seen.acknowledgement)) return undefined;
  if (!secret) return seen.credentialsTaken ? undefined : create(content);
  if (secret.immutable || secret.type !== SECRET_TYPES.Credentials) return remove(secret);
  return restore(secret, content);
}

/** Whether the credentials Secret has the active pair. */
export function isPublished(living: Living, document: ApplicationProjection): boolean {
  const active = document.keys.find(({ state }) => state === "Active");
  const secret = living.seen.credentials;
  if (!active || !secret || !isOwnedBy(secret, living.object.metadata.uid)) return false;
  return holds(secret, contentOf(living, document, active));
}

function contentOf(
  { object, spec }: Living,
  { applicationId }: ApplicationProjection,
  { apiAppKey, apiAppSecret }: KeyRecord,
): CredentialsContent {
  const owner = refOf("Application", object.metadata);
  const name = secretNameOf(object, spec);
  return { namespace: owner.namespace, name, owner, applicationId, apiAppKey, apiAppSecret };
}

function holds({ type, metadata, data }: SecretObject, content: CredentialsContent): boolean {
  return (
    type === SECRET_TYPES.Credentials &&
    metadata.labels?.[LABEL_CREDENTIALS] === "true" &&
    data.get(CREDENTIAL_KEYS.id)?.reveal() === content.applicationId &&
    data.get(CREDENTIAL_KEYS.key)?.reveal() === content.apiAppKey &&
    data.get(CREDENTIAL_KEYS.secret)?.equals(content.apiAppSecret) === true
  );
}

function create(content: CredentialsContent): WriteStep {
  const message = `Wrote the key pair ${content.apiAppKey} to Secret ${content.name}`;
  return {
    kind: "createCredentials",
    content,
    event: { type: "Normal", reason: "CredentialsPublished", action: "Publishing", message },
  };
}

function restore(secret: SecretObject, content: CredentialsContent): WriteStep {
  const changed = secret.data.get(CREDENTIAL_KEYS.key)?.reveal() !== content.apiAppKey;
  const message = `Secret ${content.name} holds the key pair ${content.apiAppKey} ${changed ? "now" : "again"}`;
  const reason = changed ? "CredentialsPublished" : "CredentialsRestored";
  return {
    kind: "restoreCredentials",
    content,
    secret: refOf("Secret", secret.metadata),
    resourceVersion: secret.metadata.resourceVersion,
    event: { type: "Normal", reason, action: "Publishing", message },
  };
}

function remove({ metadata }: SecretObject): WriteStep {
  return {
    kind: "deleteCredentials",
    secret: refOf("Secret", metadata),
    resourceVersion: metadata.resourceVersion,
  };
}
