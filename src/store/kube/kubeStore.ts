import type { ApiDomain } from "../../api/apiDomain.ts";
import type { ApiGrant } from "../../api/apiGrant.ts";
import type { Application } from "../../api/application.ts";
import { classOf } from "../../api/class.ts";
import type { ObjectMeta } from "../../api/meta.ts";
import {
  API_VERSION,
  DEFAULT_DATA_NAMESPACE,
  DEFAULT_SYSTEM_NAMESPACE,
  LABEL_CREDENTIALS,
  LABEL_PROJECTION,
  objectKey,
} from "../../api/names.ts";
import type { Kind } from "../../api/vocabulary.ts";
import type { Projection } from "../../projection/documents.ts";
import type { Change, StoredProjection } from "../../projection/feed.ts";
import type {
  CredentialsContent,
  NamespaceObject,
  ObjectEvent,
  ObjectRef,
  PodObject,
  SecretObject,
  StatusContent,
  Store,
  UseRecord,
  VerifierLease,
  WriteOutcome,
} from "../store.ts";
import { KubeCollection } from "./collection.ts";
import type { Connection } from "./connection.ts";
import { EventRecorder } from "./events.ts";
import { Leases } from "./leases/leases.ts";
import { UseLease } from "./leases/useLease.ts";
import { credentialsSecret, projectionSecret } from "./manifests.ts";
import {
  type Decode,
  decodeApplication,
  decodeDomain,
  decodeGrant,
  decodeNamespace,
  decodePod,
  decodeRoute,
  decodeSecret,
  decodeStoredProjection,
} from "./objects.ts";
import { HTTP_ROUTES_PATH, kindPath, NAMESPACES_PATH, objectPath, podsPath, secretsPath } from "./paths.ts";
import { KubeRoutes } from "./routes.ts";
import { type Resource, readNow } from "./watch/list.ts";
import {
  type Optional,
  Reflector,
  type ReflectorHooks,
  type ReflectorTimes,
  USUAL_TIMES,
} from "./watch/reflector.ts";
import { APPLY_PATCH, MERGE_PATCH, type Write, Writer } from "./writer.ts";

export interface KubeStoreOptions {
  readonly dataNamespace?: string;
  /** Where the operator's and the verifiers' Pods run. */
  readonly systemNamespace?: string;
  /** Only objects of this class are used; "" for those without one. */
  readonly className?: string;
  /** The reporting instance of Events: the Pod's or the host's name. */
  readonly instance: string;
  readonly hooks: ReflectorHooks;
  readonly times?: ReflectorTimes;
}

/** The Store on an API server: one watch per collection, and writes under the version that they were planned on. */
export class KubeStore implements Store {
  readonly applications: KubeCollection<Application>;
  readonly grants: KubeCollection<ApiGrant>;
  readonly domains: KubeCollection<ApiDomain>;
  readonly namespaces = new KubeCollection<NamespaceObject>();
  readonly secrets = new KubeCollection<SecretObject>();
  readonly projections = new KubeCollection<StoredProjection>();
  readonly routes = new KubeRoutes();
  readonly pods = new KubeCollection<PodObject>();
  readonly podNamespace: string;

  readonly #connection: Connection;
  readonly #options: KubeStoreOptions;
  /** Whether an object is of this installation's class. */
  readonly #isOurs: (object: object) => boolean;
  readonly #dataNamespace: string;
  readonly #dataPath: string;
  readonly #leases: Leases;
  readonly #use: UseLease;
  readonly #events: EventRecorder;
  readonly #objectWriters: Readonly<Record<Kind, Pick<Writer<unknown>, "write">>>;
  readonly #secretWriter: Writer<SecretObject>;
  readonly #projectionWriter: Writer<StoredProjection>;

  constructor(connection: Connection, options: KubeStoreOptions) {
    this.#isOurs = (object) => classOf(object) === (options.className ?? "");
    this.applications = new KubeCollection<Application>(this.#isOurs, withHeldSpec);
    this.grants = new KubeCollection<ApiGrant>(this.#isOurs, withHeldSpec);
    this.domains = new KubeCollection<ApiDomain>(this.#isOurs, withHeldSpec);
    this.#connection = connection;
    this.#options = options;
    this.podNamespace = options.systemNamespace ?? DEFAULT_SYSTEM_NAMESPACE;
    this.#dataNamespace = options.dataNamespace ?? DEFAULT_DATA_NAMESPACE;
    this.#dataPath = secretsPath(this.#dataNamespace);
    this.#leases = new Leases(connection, this.#dataNamespace);
    this.#use = new UseLease(connection, this.podNamespace);
    this.#events = new EventRecorder(connection, options.instance, options.times?.clock);
    const plain = { holdsSecrets: false };
    const secret = { holdsSecrets: true };
    this.#objectWriters = {
      Application: new Writer(connection, this.applications, decodeApplication, plain),
      ApiGrant: new Writer(connection, this.grants, decodeGrant, plain),
      ApiDomain: new Writer(connection, this.domains, decodeDomain, plain),
    };
    this.#secretWriter = new Writer(connection, this.secrets, decodeSecret, secret);
    this.#projectionWriter = new Writer(connection, this.projections, decodeStoredProjection, secret);
  }

  /** Rejects with the signal's reason if it aborts before every collection holds a full list. */
  async start(signal: AbortSignal): Promise<void> {
    const credentials = { path: secretsPath(), labelSelector: `${LABEL_CREDENTIALS}=true` };
    const projections = { path: this.#dataPath, labelSelector: `${LABEL_PROJECTION}=true` };
    const pods = { path: podsPath(this.podNamespace) };
    void this.#reflect(this.pods, pods, decodePod, signal, { onServed: () => {} });
    const synced = Promise.all([
      this.#reflect(this.namespaces, { path: NAMESPACES_PATH }, decodeNamespace, signal),
      this.#reflect(this.domains, { path: kindPath("ApiDomain") }, decodeDomain, signal),
      this.#reflect(this.applications, { path: kindPath("Application") }, decodeApplication, signal),
      this.#reflect(this.grants, { path: kindPath("ApiGrant") }, decodeGrant, signal),
      this.#reflect(this.secrets, credentials, decodeSecret, signal),
      this.#reflect(this.projections, projections, decodeStoredProjection, signal),
      this.#reflect(this.routes, { path: HTTP_ROUTES_PATH }, decodeRoute, signal, this.routes),
    ]);
    const aborted = Promise.withResolvers<never>();
    const abort = () => aborted.reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
    await Promise.race([synced, aborted.promise]).finally(() => signal.removeEventListener("abort", abort));
  }

  /** Resolves once the collection is filled; the reflector keeps running until the signal aborts. */
  #reflect<T>(
    collection: KubeCollection<T>,
    resource: Resource,
    decode: Decode<T>,
    signal: AbortSignal,
    optional?: Optional,
  ): Promise<void> {
    const source = { connection: this.#connection, resource, decode };
    const { hooks, times = USUAL_TIMES } = this.#options;
    const reflector = new Reflector(source, collection, hooks, times, optional);
    void reflector.run(signal);
    return reflector.synced;
  }

  async readObject(kind: Kind, namespace: string, name: string): Promise<ObjectMeta | undefined> {
    const object = await readNow(this.#connection, objectPath(kindPath(kind, namespace), name));
    return object && this.#isOurs(object) ? object.metadata : undefined;
  }

  async readProjectionVersion(name: string): Promise<string | undefined> {
    return (await readNow(this.#connection, objectPath(this.#dataPath, name)))?.metadata.resourceVersion;
  }

  /** By merge patch, since other finalizers are in the same list; the resourceVersion ensures that the list is unchanged. */
  writeFinalizers(
    object: ObjectRef,
    finalizers: readonly string[],
    resourceVersion: string,
  ): Promise<WriteOutcome> {
    const body = { metadata: { uid: object.uid, resourceVersion, finalizers } };
    return this.#writeObject(object, "", { method: "PATCH", contentType: MERGE_PATCH, body });
  }

  /**
   * By PUT, which costs the API server a quarter less than an apply, and removes what is no longer sent too. It takes nothing but the status
   * of the body, and the resourceVersion excludes an object that was re-created.
   */
  writeStatus(object: ObjectRef, status: StatusContent, resourceVersion: string): Promise<WriteOutcome> {
    const { kind, namespace, name } = object;
    const metadata = { name, ...(namespace === "" ? {} : { namespace }), resourceVersion };
    return this.#writeObject(object, "/status", {
      method: "PUT",
      body: { apiVersion: API_VERSION, kind, metadata, status },
    });
  }

  #writeObject(
    { kind, namespace, name }: ObjectRef,
    subresource: string,
    write: Omit<Write, "path">,
  ): Promise<WriteOutcome> {
    if (kind === "Secret") throw new TypeError("Secrets have neither finalizers nor a status of Countersign");
    const path = `${objectPath(kindPath(kind, namespace), name)}${subresource}`;
    return this.#objectWriters[kind].write({ ...write, path });
  }

  async createProjection(document: Projection, change: Change): Promise<WriteOutcome> {
    const body = projectionSecret(document, change, this.#dataNamespace);
    const outcome = await this.#projectionWriter.write({ method: "POST", path: this.#dataPath, body });
    if (outcome.kind === "conflict") await this.#showProjection(body.metadata.name);
    return outcome;
  }

  /** An existing projection that is not cached has lost its label. Restoring the label makes it visible to the next plan. */
  async #showProjection(name: string): Promise<void> {
    const path = objectPath(this.#dataPath, name);
    const found = await readNow(this.#connection, path);
    if (!found || found.metadata.labels?.[LABEL_PROJECTION] === "true") return;
    const labels = { ...found.metadata.labels, [LABEL_PROJECTION]: "true" };
    const body = { ...found, metadata: { ...found.metadata, labels } };
    await this.#projectionWriter.write({ method: "PUT", path, body });
  }

  replaceProjection(document: Projection, change: Change, resourceVersion: string): Promise<WriteOutcome> {
    const body = projectionSecret(document, change, this.#dataNamespace, resourceVersion);
    const path = objectPath(this.#dataPath, body.metadata.name);
    return this.#projectionWriter.write({ method: "PUT", path, body });
  }

  deleteProjection(name: string, resourceVersion: string): Promise<WriteOutcome> {
    const path = objectPath(this.#dataPath, name);
    return this.#projectionWriter.delete({ path, key: name, resourceVersion });
  }

  createCredentials(content: CredentialsContent): Promise<WriteOutcome> {
    const path = secretsPath(content.namespace);
    return this.#secretWriter.write({ method: "POST", path, body: credentialsSecret(content) });
  }

  /**
   * A forced apply reverts changes of other clients. The resourceVersion prevents it from taking over a Secret that is not cached,
   * and the UID from creating one: an apply with a resourceVersion alone creates a missing object.
   */
  async restoreCredentials(content: CredentialsContent, resourceVersion: string): Promise<WriteOutcome> {
    const { namespace, name } = content;
    const seen = this.secrets.get(objectKey(namespace, name));
    if (!seen) return { kind: "gone" };
    const path = objectPath(secretsPath(namespace), name);
    const body = credentialsSecret(content, { uid: seen.metadata.uid, resourceVersion });
    const query = { force: "true" };
    return this.#secretWriter.write({ method: "PATCH", path, body, contentType: APPLY_PATCH, query });
  }

  deleteCredentials({ namespace, name, uid }: ObjectRef, resourceVersion: string): Promise<WriteOutcome> {
    const path = objectPath(secretsPath(namespace), name);
    return this.#secretWriter.delete({ path, key: objectKey(namespace, name), uid, resourceVersion });
  }

  listVerifiers(): Promise<readonly VerifierLease[]> {
    return this.#leases.list();
  }

  deleteVerifier(name: string, resourceVersion: string): Promise<WriteOutcome> {
    return this.#leases.delete(name, resourceVersion);
  }

  async readPod(name: string): Promise<PodObject | undefined> {
    const found = await readNow(this.#connection, objectPath(podsPath(this.podNamespace), name));
    return found && decodePod(found).value;
  }

  readUseRecord(): Promise<UseRecord | undefined> {
    return this.#use.read();
  }

  writeUseRecord(record: UseRecord): Promise<WriteOutcome> {
    return this.#use.write(record);
  }

  recordEvent(event: ObjectEvent): Promise<void> {
    return this.#events.record(event);
  }
}

/** The API server changes the generation with every change of the spec, so an equal one needs to be held, and validated, once. */
function withHeldSpec<T extends Application | ApiGrant | ApiDomain>(value: T, held: T): T {
  const { uid, generation } = value.metadata;
  const isSame =
    uid === held.metadata.uid && generation !== undefined && generation === held.metadata.generation;
  return isSame ? { ...value, spec: held.spec } : value;
}
