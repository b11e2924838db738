import { parse } from "yaml";
import { objectKey } from "../../../api/names.ts";
import { isRecord } from "../../../base/json.ts";
import { oneCopy, SharedValues } from "../../../base/oneCopy.ts";
import type { SecretObject } from "../../store.ts";
import { secretContentOf } from "../secretContent.ts";
import { readSimpleYaml } from "../yaml/simpleYaml.ts";

/** The labels of credentials Secrets: all that the operator wrote have the same. */
const SHARED = new SharedValues();

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
