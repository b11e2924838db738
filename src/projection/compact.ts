import { oneCopy, SharedValues } from "../base/oneCopy.ts";
import type { ApplicationProjection, KeyRecord, Projection } from "./documents.ts";

/** Settings, labels, and lists of revoked keys: most Applications have the same. */
const SHARED = new SharedValues();

/**
 * An equal document in less memory: what is equal in many Applications is one value in all of them, and a text that other objects
 * have too is one copy. There are as many of these documents as Applications; grants and domains are few, and stay as they are.
 */
export function compactDocument(document: Projection): Projection {
  return document.kind === "Application" ? compactApplication(document) : document;
}

function compactApplication(document: ApplicationProjection): ApplicationProjection {
  const { namespace, name, uid, createdAt, applicationId, labels, schemes, keys, revokedKeys } = document;
  return {
    ...document,
    namespace: oneCopy(namespace),
    name: oneCopy(name),
    uid: oneCopy(uid),
    createdAt: oneCopy(createdAt),
    applicationId: oneCopy(applicationId),
    labels: SHARED.of(labels),
    schemes: SHARED.of(schemes),
    keys: keys.map(compactKey),
    revokedKeys: SHARED.of(revokedKeys),
  };
}

function compactKey({ apiAppKey, createdAt, ...rest }: KeyRecord): KeyRecord {
  return { apiAppKey: oneCopy(apiAppKey), createdAt: oneCopy(createdAt), ...rest };
}
