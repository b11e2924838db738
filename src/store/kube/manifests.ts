import {
  ANNOTATION_CHANGE,
  ANNOTATION_RELOAD,
  API_VERSION,
  CREDENTIAL_KEYS,
  LABEL_CREDENTIALS,
  LABEL_PROJECTION,
  PROJECTION_KEY,
  SECRET_TYPES,
} from "../../api/names.ts";
import { encodeProjection } from "../../projection/codec.ts";
import { documentName } from "../../projection/documentName.ts";
import type { Projection } from "../../projection/documents.ts";
import type { Change } from "../../projection/feed.ts";
import type { CredentialsContent, ObjectRef } from "../store.ts";

/** The Secret of a projection; without a resourceVersion it is to be created. It has no ownerReference: the garbage collector would delete it, since its owner is in another namespace. */
export function projectionSecret(
  document: Projection,
  change: Change,
  dataNamespace: string,
  resourceVersion?: string,
) {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: documentName(document),
      namespace: dataNamespace,
      labels: { [LABEL_PROJECTION]: "true" },
      annotations: { [ANNOTATION_CHANGE]: change },
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
    type: SECRET_TYPES[document.kind],
    data: { [PROJECTION_KEY]: base64(encodeProjection(document)) },
  };
}

/** The credentials Secret of an Application, owned by it; without preconditions it is to be created. */
export function credentialsSecret(
  content: CredentialsContent,
  preconditions: { readonly uid?: string; readonly resourceVersion?: string } = {},
) {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: content.name,
      namespace: content.namespace,
      labels: { [LABEL_CREDENTIALS]: "true" },
      annotations: { [ANNOTATION_RELOAD]: "true" },
      ownerReferences: [ownerReference(content.owner)],
      ...preconditions,
    },
    type: SECRET_TYPES.Credentials,
    data: {
      [CREDENTIAL_KEYS.id]: base64(content.applicationId),
      [CREDENTIAL_KEYS.key]: base64(content.apiAppKey),
      [CREDENTIAL_KEYS.secret]: base64(content.apiAppSecret.reveal()),
    },
  };
}

function ownerReference({ kind, name, uid }: ObjectRef) {
  return { apiVersion: API_VERSION, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}
