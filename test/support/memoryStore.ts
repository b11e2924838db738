import type { ApiDomain } from "../../src/api/apiDomain.ts";
import type { ApiGrant } from "../../src/api/apiGrant.ts";
import type { Application } from "../../src/api/application.ts";
import type { ObjectMeta } from "../../src/api/meta.ts";
import {
  API_VERSION,
  CREDENTIAL_KEYS,
  LABEL_CREDENTIALS,
  objectKey,
  SECRET_TYPES,
} from "../../src/api/names.ts";
import { Secret } from "../../src/api/secret.ts";
import type { Kind } from "../../src/api/vocabulary.ts";
import { decodeProjection, encodeProjection } from "../../src/projection/codec.ts";
import { documentName } from "../../src/projection/documentName.ts";
import type { Projection } from "../../src/projection/documents.ts";
import type { Change, StoredProjection } from "../../src/projection/feed.ts";
import type {
  CredentialsContent,
  NamespaceObject,
  ObjectEvent,
  ObjectRef,
  PodObject,
  PodRef,
  SecretObject,
  StatusContent,
  Store,
  UseRecord,
  VerifierLease,
  WriteOutcome,
} from "../../src/store/store.ts";
import { MemoryCollection, MemoryRoutes } from "./memoryCollection.ts";

type KubeObject = Application | ApiGrant | ApiDomain;

/** What a person writes of an object. */
export interface Manifest {
  readonly kind: Kind;
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly spec: unknown;
}

/** One write of the operator, as hooks see it. */
export interface SeenWrite {
  readonly method: string;
  readonly name: string;
}

const CONFLICT: WriteOutcome = { kind: "conflict" };
const GONE: WriteOutcome = { kind: "gone" };

/**
 * A Store in memory that behaves as an API server does: versions, generations, finalizers, preconditions, and Secrets that
 * are seen only with the label. `beforeWrite` may answer in its place or throw; `afterWrite` may throw: a crash after the write.
 */
export class MemoryStore implements Store {
  readonly applications = new MemoryCollection<Application>();
  readonly grants = new MemoryCollection<ApiGrant>();
  readonly domains = new MemoryCollection<ApiDomain>();
  readonly namespaces = new MemoryCollection<NamespaceObject>();
  readonly secrets = new MemoryCollection<SecretObject>(
    ({ metadata }) => metadata.labels?.[LABEL_CREDENTIALS] === "true",
  );
  readonly projections = new MemoryCollection<StoredProjection>();
  readonly routes = new MemoryRoutes();
  readonly pods = new MemoryCollection<PodObject>();
  readonly podNamespace = "countersign-system";
  readonly leases = new Map<string, VerifierLease>();
  /** The reports of verifiers that record uses, by the names of their Leases. */
  readonly uses = new Map<string, string>();
  readonly events: ObjectEvent[] = [];
  useRecord: UseRecord | undefined;
  writes: SeenWrite[] = [];
  beforeWrite: (write: SeenWrite) => WriteOutcome | undefined = () => undefined;
  afterWrite: (write: SeenWrite) => void = () => {};
  listings = 0;
  #version = 0;
  #uids = 0;
  /** The clock of creation and deletion timestamps. */
  now = "2026-01-01T00:00:00Z";

  get version(): string {
    return String(this.#version);
  }

  async start(): Promise<void> {}

  // What people do.

  /** Creates or changes an object as `kubectl apply` does. */
  apply(manifest: Manifest): void {
    const { kind, name, namespace, labels = {}, spec } = manifest;
    const key = objectKey(namespace, name);
    const old = this.#objects(kind).truth(key);
    const metadata: ObjectMeta = old
      ? { ...old.metadata, labels, generation: nextGeneration(old, spec), resourceVersion: this.#next() }
      : { ...this.#newMeta(name, namespace), labels, generation: 1 };
    // A test may set any spec, including one that no schema allows.
    const object = {
      apiVersion: API_VERSION,
      kind,
      metadata,
      spec,
      ...(old?.status ? { status: old.status } : {}),
    };
    this.#objects(kind).put(key, object as KubeObject);
  }

  /** Deletes an object as `kubectl delete --wait=false` does. */
  delete(kind: Kind, key: string): void {
    const object = this.#objects(kind).truth(key);
    if (!object) return;
    if ((object.metadata.finalizers ?? []).length === 0) {
      this.#remove(kind, key, object);
      return;
    }
    const metadata = {
      ...object.metadata,
      deletionTimestamp: object.metadata.deletionTimestamp ?? this.now,
      resourceVersion: this.#next(),
    };
    this.#objects(kind).put(key, { ...object, metadata } as KubeObject);
  }

  setNamespace(name: string, labels: Readonly<Record<string, string>>): void {
    this.namespaces.put(name, { metadata: { ...this.#newMeta(name), labels } });
  }

  setSecret(
    namespace: string,
    name: string,
    data: Readonly<Record<string, string>>,
    change: Partial<SecretObject> = {},
    labels: Readonly<Record<string, string>> = { [LABEL_CREDENTIALS]: "true" },
  ): void {
    const old = this.secrets.truth(objectKey(namespace, name));
    this.secrets.put(objectKey(namespace, name), {
      type: "Opaque",
      immutable: false,
      ...change,
      metadata: {
        ...(old?.metadata ?? this.#newMeta(name, namespace)),
        labels,
        resourceVersion: this.#next(),
      },
      data: new Map(Object.entries(data).map(([key, value]) => [key, Secret.of(value)])),
    });
  }

  /** Changes a Secret's own fields and keeps the rest. */
  editSecret(key: string, change: Partial<SecretObject>): void {
    const old = this.secrets.truth(key);
    if (!old) throw new Error(`no Secret ${key}`);
    this.secrets.put(key, {
      ...old,
      ...change,
      metadata: { ...old.metadata, resourceVersion: this.#next() },
    });
  }

  deleteSecret(key: string): void {
    this.secrets.put(key, undefined);
  }

  /** A verifier that has applied everything up to now, or up to `applied`. */
  setLease(name: string, applied = this.version, leaseDurationSeconds = 3600, pod?: PodRef): void {
    const resourceVersion = this.#next();
    const use = this.uses.get(name);
    const lease = {
      ...{ name, holder: `holder-${name}`, applied, leaseDurationSeconds, resourceVersion },
      ...(use === undefined ? {} : { use }),
    };
    this.leases.set(name, pod ? { ...lease, pod } : lease);
  }

  setPod(name: string, pod: Pick<PodObject, "uid" | "phase"> | undefined): void {
    const namespace = this.podNamespace;
    this.pods.put(`${namespace}/${name}`, pod && { namespace, name, ...pod });
  }

  /** All verifiers apply all there is. */
  acknowledge(): void {
    const { version } = this;
    for (const { name, applied } of [...this.leases.values()])
      if (applied !== version) this.setLease(name, version);
  }

  // What the operator does.

  async readObject(kind: Kind, namespace: string, name: string): Promise<ObjectMeta | undefined> {
    return this.#objects(kind).truth(objectKey(namespace, name))?.metadata;
  }

  async readProjectionVersion(name: string): Promise<string | undefined> {
    return this.projections.truth(name)?.resourceVersion;
  }

  async writeFinalizers(
    object: ObjectRef,
    finalizers: readonly string[],
    resourceVersion: string,
  ): Promise<WriteOutcome> {
    return this.#write("writeFinalizers", object.name, () =>
      this.#change(object, resourceVersion, (old) => ({ ...old, metadata: { ...old.metadata, finalizers } })),
    );
  }

  async writeStatus(
    object: ObjectRef,
    status: StatusContent,
    resourceVersion: string,
  ): Promise<WriteOutcome> {
    return this.#write("writeStatus", object.name, () =>
      this.#change(object, resourceVersion, (old) => ({
        ...old,
        status: JSON.parse(JSON.stringify(status)),
      })),
    );
  }

  async createProjection(document: Projection, change: Change): Promise<WriteOutcome> {
    const name = documentName(document);
    return this.#write("createProjection", name, () =>
      this.projections.truth(name) ? CONFLICT : this.#putProjection(name, document, change),
    );
  }

  async replaceProjection(
    document: Projection,
    change: Change,
    resourceVersion: string,
  ): Promise<WriteOutcome> {
    const name = documentName(document);
    return this.#write("replaceProjection", name, () => {
      const old = this.projections.truth(name);
      if (!old) return GONE;
      return old.resourceVersion === resourceVersion ? this.#putProjection(name, document, change) : CONFLICT;
    });
  }

  async deleteProjection(name: string, resourceVersion: string): Promise<WriteOutcome> {
    return this.#write("deleteProjection", name, () => {
      const old = this.projections.truth(name);
      if (!old) return GONE;
      if (old.resourceVersion !== resourceVersion) return CONFLICT;
      this.projections.put(name, undefined);
      return { kind: "written", resourceVersion: this.#next() };
    });
  }

  async createCredentials(content: CredentialsContent): Promise<WriteOutcome> {
    const key = objectKey(content.namespace, content.name);
    return this.#write("createCredentials", key, () =>
      this.secrets.truth(key)
        ? CONFLICT
        : this.#putCredentials(content, this.#newMeta(content.name, content.namespace)),
    );
  }

  async restoreCredentials(content: CredentialsContent, resourceVersion: string): Promise<WriteOutcome> {
    const key = objectKey(content.namespace, content.name);
    return this.#write("restoreCredentials", key, () => {
      const old = this.secrets.truth(key);
      if (!old) return GONE;
      if (old.metadata.resourceVersion !== resourceVersion) return CONFLICT;
      if (old.immutable) return { kind: "refused", message: "field is immutable" };
      return this.#putCredentials(content, old.metadata);
    });
  }

  async deleteCredentials(secret: ObjectRef, resourceVersion: string): Promise<WriteOutcome> {
    const key = objectKey(secret.namespace, secret.name);
    return this.#write("deleteCredentials", key, () => {
      const old = this.secrets.truth(key);
      if (!old) return GONE;
      if (old.metadata.uid !== secret.uid || old.metadata.resourceVersion !== resourceVersion)
        return CONFLICT;
      this.secrets.put(key, undefined);
      return { kind: "written", resourceVersion: this.#next() };
    });
  }

  async listVerifiers(): Promise<readonly VerifierLease[]> {
    this.listings += 1;
    return [...this.leases.values()];
  }

  async deleteVerifier(name: string, resourceVersion: string): Promise<WriteOutcome> {
    if (this.leases.get(name)?.resourceVersion !== resourceVersion) return CONFLICT;
    this.leases.delete(name);
    return { kind: "written", resourceVersion: this.#next() };
  }

  async readPod(name: string): Promise<PodObject | undefined> {
    return this.pods.truth(`${this.podNamespace}/${name}`);
  }

  async readUseRecord(): Promise<UseRecord | undefined> {
    return this.useRecord;
  }

  async writeUseRecord(record: UseRecord): Promise<WriteOutcome> {
    this.useRecord = record;
    return { kind: "written", resourceVersion: this.#next() };
  }

  async recordEvent(event: ObjectEvent): Promise<void> {
    this.events.push(event);
  }

  // How it does it.

  #write(method: string, name: string, write: () => WriteOutcome): WriteOutcome {
    const seen = { method, name };
    const instead = this.beforeWrite(seen);
    if (instead) return instead;
    const outcome = write();
    if (outcome.kind !== "written") return outcome;
    this.writes.push(seen);
    this.afterWrite(seen);
    return outcome;
  }

  #change(ref: ObjectRef, resourceVersion: string, change: (old: KubeObject) => unknown): WriteOutcome {
    if (ref.kind === "Secret") throw new Error("not an object of ours");
    const key = objectKey(ref.namespace, ref.name);
    const old = this.#objects(ref.kind).truth(key);
    if (!old) return GONE;
    if (old.metadata.uid !== ref.uid || old.metadata.resourceVersion !== resourceVersion) return CONFLICT;
    const changed = change(old) as KubeObject;
    const gained = (changed.metadata.finalizers ?? []).filter(
      (one) => !old.metadata.finalizers?.includes(one),
    );
    if (old.metadata.deletionTimestamp && gained.length > 0)
      return { kind: "refused", message: "no new finalizers can be added if the object is being deleted" };
    const version = this.#next();
    const metadata = { ...changed.metadata, resourceVersion: version };
    if (metadata.deletionTimestamp && (metadata.finalizers ?? []).length === 0)
      this.#remove(ref.kind, key, old);
    else this.#objects(ref.kind).put(key, { ...changed, metadata } as KubeObject);
    return { kind: "written", resourceVersion: version };
  }

  #remove(kind: Kind, key: string, { metadata: { uid } }: KubeObject): void {
    this.#objects(kind).put(key, undefined);
    for (const [name, secret] of this.secrets.all()) {
      if (secret.metadata.ownerReferences?.some((owner) => owner.uid === uid))
        this.secrets.put(name, undefined);
    }
  }

  #putProjection(name: string, document: Projection, change: Change): WriteOutcome {
    const decoded = decodeProjection(encodeProjection(document));
    if (!decoded.ok) throw new Error(`the operator wrote a document that cannot be read: ${decoded.problem}`);
    const resourceVersion = this.#next();
    this.projections.put(name, { name, resourceVersion, change, document: decoded.document });
    return { kind: "written", resourceVersion };
  }

  #putCredentials(content: CredentialsContent, metadata: ObjectMeta): WriteOutcome {
    const { namespace, name, owner, applicationId, apiAppKey, apiAppSecret } = content;
    const resourceVersion = this.#next();
    this.secrets.put(objectKey(namespace, name), {
      type: SECRET_TYPES.Credentials,
      immutable: false,
      metadata: {
        ...metadata,
        resourceVersion,
        labels: { [LABEL_CREDENTIALS]: "true" },
        ownerReferences: [{ uid: owner.uid, kind: "Application", name: owner.name }],
      },
      data: new Map([
        [CREDENTIAL_KEYS.id, Secret.of(applicationId)],
        [CREDENTIAL_KEYS.key, Secret.of(apiAppKey)],
        [CREDENTIAL_KEYS.secret, apiAppSecret],
      ]),
    });
    return { kind: "written", resourceVersion };
  }

  #objects(kind: Kind): MemoryCollection<KubeObject> {
    const collections = { Application: this.applications, ApiGrant: this.grants, ApiDomain: this.domains };
    return collections[kind] as MemoryCollection<KubeObject>;
  }

  #newMeta(name: string, namespace?: string): ObjectMeta {
    this.#uids += 1;
    return {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      uid: `uid-${this.#uids}`,
      resourceVersion: this.#next(),
      creationTimestamp: this.now,
    };
  }

  #next(): string {
    this.#version += 1;
    return String(this.#version);
  }
}

function nextGeneration(old: KubeObject, spec: unknown): number {
  const same = JSON.stringify(old.spec) === JSON.stringify(spec);
  return (old.metadata.generation ?? 1) + (same ? 0 : 1);
}
