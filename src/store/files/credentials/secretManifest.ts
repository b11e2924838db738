import { parse } from "yaml";
import { CREDENTIAL_KEYS, LABEL_CREDENTIALS, objectKey, SECRET_TYPES } from "../../../api/names.ts";
import { isRecord } from "../../../base/json.ts";
import { oneCopy, SharedValues } from "../../../base/oneCopy.ts";
import { CredentialsData } from "../../credentialsData.ts";
import type { CredentialsContent, SecretObject } from "../../store.ts";
import { secretContentOf } from "../secretContent.ts";
import { readSimpleYaml } from "../yaml/simpleYaml.ts";

/** The labels of credentials Secrets: all that the operator wrote have the same. */
const SHARED = new SharedValues();
const LABELS = SHARED.of({ [LABEL_CREDENTIALS]: "true" });

/** The credentials Secret of this key in a manifest. Undefined if the value is not such a manifest, or is one of another object. */
export function readManifest(value: unknown, key: string): SecretObject | undefined {
  if (!isRecord(value) || value.kind !== "Secret" || !isRecord(value.metadata)) return undefined;
  const { name, namespace, labels, ownerReferences } = value.metadata;
  if (objectKey(String(namespace), String(name)) !== key) return undefined;
  const owners = Array.isArray(ownerReferences) ? ownerReferences.filter(isRecord) : [];
  return {
    metadata: {
      name: oneCopy(String(name)),
      namespace: oneCopy(String(namespace)),
      uid: "",
      resourceVersion: "",
      creationTimestamp: "",
      labels: SHARED.of(isRecord(labels) ? (labels as Record<string, string>) : {}),
      ownerReferences: owners.map((owner) => ({
        uid: oneCopy(String(owner.uid)),
        kind: oneCopy(String(owner.kind)),
        name: oneCopy(String(owner.name)),
      })),
    },
    ...secretContentOf(value),
    immutable: false,
  };
}

/** The Secret that readManifest finds in the file of this content. */
export function secretOfContent(content: CredentialsContent): SecretObject {
  const { name, namespace, owner } = content;
  const texts: Readonly<Record<string, string>> = {
    [CREDENTIAL_KEYS.id]: content.applicationId,
    [CREDENTIAL_KEYS.key]: content.apiAppKey,
    [CREDENTIAL_KEYS.secret]: content.apiAppSecret.reveal(),
  };
  return {
    metadata: {
      name: oneCopy(name),
      namespace: oneCopy(namespace),
      uid: "",
      resourceVersion: "",
      creationTimestamp: "",
      labels: LABELS,
      ownerReferences: [{ uid: oneCopy(owner.uid), kind: owner.kind, name: oneCopy(owner.name) }],
    },
    type: SECRET_TYPES.Credentials,
    immutable: false,
    data: new CredentialsData((key) => texts[key]),
  };
}

/** The value of a manifest's YAML; undefined if the text is not one YAML document. */
export function parseManifest(text: string): unknown {
  try {
    const [document, ...others] = readSimpleYaml(text) ?? [];
    return document && others.length === 0 ? document.value : parse(text);
  } catch {
    return undefined;
  }
}

/** A manifest of the Secret, in which readManifest finds an equal one. It has the key pair in clear text. */
export function manifestOf({ metadata, type, data }: SecretObject): unknown {
  const { name, namespace, labels, ownerReferences } = metadata;
  return {
    kind: "Secret",
    metadata: { name, namespace, labels, ownerReferences },
    type,
    stringData: Object.fromEntries([...data].map(([key, value]) => [key, value.reveal()])),
  };
}
