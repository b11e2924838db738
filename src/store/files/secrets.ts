import { parse, stringify } from "yaml";
import { API_VERSION, CREDENTIAL_KEYS, LABEL_CREDENTIALS, objectKey, SECRET_TYPES } from "../../api/names.ts";
import { isRecord } from "../../base/json.ts";
import { oneCopy, SharedValues } from "../../base/oneCopy.ts";
import { timestamp } from "../../base/timestamp.ts";
import type { CredentialsContent, ObjectRef, SecretObject, WriteOutcome } from "../store.ts";
import { FilesCollection } from "./collection.ts";
import type { Declared } from "./declared.ts";
import { type SecretContent, secretContentOf } from "./secretContent.ts";
import type { CredentialFiles } from "./state/credentialFiles.ts";
import { newUid, type Versions } from "./versions.ts";
import { readSimpleYaml } from "./yaml/simpleYaml.ts";

/** The labels of credentials Secrets: all that the operator wrote have the same. */
const SHARED = new SharedValues();

/** What a Secret keeps when its content is replaced. */
type Identity = Pick<SecretObject["metadata"], "uid" | "creationTimestamp">;

/** The labelled Secrets: those that users wrote to the directory, and the credentials Secrets of Applications in the state directory. */
export class SecretTable {
  readonly collection = new FilesCollection<SecretObject>();
  readonly #files: CredentialFiles;
  readonly #versions: Versions;
  readonly #now: () => number;
  readonly #seesUnlabelled: boolean;
  readonly #ours = new Map<string, SecretObject>();
  #theirs: ReadonlyMap<string, SecretObject> = new Map();
  #declared: ReadonlyMap<string, Declared> = new Map();

  /** `now` returns epoch milliseconds. `seesUnlabelled`: Secrets in the directory need no label. */
  constructor(files: CredentialFiles, versions: Versions, now: () => number, seesUnlabelled = false) {
    this.#seesUnlabelled = seesUnlabelled;
    this.#files = files;
    this.#versions = versions;
    this.#now = now;
  }

  /**
   * Takes what others changed in the files of the state directory: of these keys, or of all. A missing or unreadable file counts
   * as deleted.
   */
  async load(keys?: ReadonlySet<string>): Promise<void> {
    for (const [key, text] of await this.#files.changed(keys)) this.#take(key, text);
  }

  /** Sets the Secrets that the directory declares. */
  declare(declared: ReadonlyMap<string, Declared>): void {
    const before = this.#declared;
    this.#declared = new Map(
      [...declared.values()]
        .filter(({ kind }) => kind === "Secret")
        .map((one) => [oneCopy(objectKey(one.namespace, one.name)), one]),
    );
    const theirs = new Map<string, SecretObject>();
    for (const [key, one] of this.#declared) {
      if (one.labels[LABEL_CREDENTIALS] !== "true" && !this.#seesUnlabelled) continue;
      const known = before.get(key) === one ? this.#theirs.get(key) : undefined;
      theirs.set(key, known ?? this.#secretOf(one, this.#theirs.get(key)));
    }
    const changed = [...new Set([...this.#theirs.keys(), ...theirs.keys()])].filter(
      (key) => this.#theirs.get(key) !== theirs.get(key),
    );
    this.#theirs = theirs;
    for (const key of changed) this.#show(key);
  }

  create(content: CredentialsContent): WriteOutcome {
    const key = objectKey(content.namespace, content.name);
    if (this.#ours.has(key) || this.#declared.has(key)) return { kind: "conflict" };
    return this.#write(content, { uid: newUid(), creationTimestamp: this.#time() });
  }

  restore(content: CredentialsContent, resourceVersion: string): WriteOutcome {
    const old = this.#ours.get(objectKey(content.namespace, content.name));
    if (!old) return { kind: "gone" };
    if (old.metadata.resourceVersion !== resourceVersion) return { kind: "conflict" };
    return this.#write(content, old.metadata);
  }

  delete({ namespace, name, uid }: ObjectRef, resourceVersion: string): WriteOutcome {
    const old = this.#ours.get(objectKey(namespace, name));
    if (!old) return { kind: "gone" };
    const { metadata } = old;
    if (metadata.uid !== uid || metadata.resourceVersion !== resourceVersion) return { kind: "conflict" };
    this.#remove(objectKey(namespace, name));
    return { kind: "written", resourceVersion: this.#versions.next() };
  }

  /** Deletes the Secrets of deleted owners, as the garbage collector does. */
  ownerGone(uid: string): void {
    for (const [key, { metadata }] of [...this.#ours]) {
      if (metadata.ownerReferences?.some((owner) => owner.uid === uid)) this.#remove(key);
    }
  }

  /** Deletes orphans: a crash between the deletion of an object and of its Secret leaves one, which would block a new object of that name. */
  ownersAre(living: ReadonlySet<string>): void {
    for (const [key, { metadata }] of [...this.#ours]) {
      const owners = metadata.ownerReferences ?? [];
      if (owners.length > 0 && !owners.some(({ uid }) => living.has(uid))) this.#remove(key);
    }
  }

  #write(content: CredentialsContent, { uid, creationTimestamp }: Identity): WriteOutcome {
    const key = objectKey(content.namespace, content.name);
    const manifest = manifestOf(content);
    this.#files.write(key, stringify(manifest));
    const version = this.#put(key, readManifest(manifest, key), { uid, creationTimestamp });
    return { kind: "written", resourceVersion: version };
  }

  #remove(key: string): void {
    this.#files.remove(key);
    this.#take(key, undefined);
  }

  #take(key: string, text: string | undefined): void {
    const secret = text === undefined ? undefined : readManifest(parsed(text), key);
    const known = this.#ours.get(key)?.metadata;
    this.#put(key, secret, known ?? { uid: newUid(), creationTimestamp: this.#time() });
  }

  #put(key: string, secret: SecretObject | undefined, meta: Identity): string {
    const version = this.#versions.next();
    if (!secret) this.#ours.delete(key);
    else {
      const [uid, creationTimestamp] = [meta.uid, oneCopy(meta.creationTimestamp)];
      const metadata = { ...secret.metadata, uid, creationTimestamp, resourceVersion: version };
      this.#ours.set(oneCopy(key), { ...secret, metadata });
    }
    this.#show(key);
    return version;
  }

  #show(key: string): void {
    this.collection.put(key, this.#theirs.get(key) ?? this.#ours.get(key));
  }

  #secretOf({ namespace, name, labels, spec }: Declared, old: SecretObject | undefined): SecretObject {
    return {
      metadata: {
        namespace,
        name,
        labels,
        uid: old?.metadata.uid ?? newUid(),
        creationTimestamp: old?.metadata.creationTimestamp ?? this.#time(),
        resourceVersion: this.#versions.next(),
      },
      ...(spec as SecretContent),
    };
  }

  #time(): string {
    return timestamp(this.#now());
  }
}

/** A Secret's manifest with readable values, as `countersign sign --credentials` accepts it. */
function manifestOf(content: CredentialsContent): object {
  const { owner } = content;
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: content.name,
      namespace: content.namespace,
      labels: { [LABEL_CREDENTIALS]: "true" },
      ownerReferences: [{ apiVersion: API_VERSION, kind: owner.kind, name: owner.name, uid: owner.uid }],
    },
    type: SECRET_TYPES.Credentials,
    stringData: {
      [CREDENTIAL_KEYS.id]: content.applicationId,
      [CREDENTIAL_KEYS.key]: content.apiAppKey,
      [CREDENTIAL_KEYS.secret]: content.apiAppSecret.reveal(),
    },
  };
}

/** Undefined if the value is not such a manifest, or is one of another object. */
function readManifest(value: unknown, key: string): SecretObject | undefined {
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

function parsed(text: string): unknown {
  try {
    const [document, ...others] = readSimpleYaml(text) ?? [];
    return document && others.length === 0 ? document.value : parse(text);
  } catch {
    return undefined;
  }
}
