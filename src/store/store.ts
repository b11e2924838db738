import type { ApiDomain } from "../api/apiDomain.ts";
import type { ApiGrant } from "../api/apiGrant.ts";
import type { Application } from "../api/application.ts";
import type { HttpRoute } from "../api/httpRoute.ts";
import type { Condition, ObjectMeta } from "../api/meta.ts";
import type { Secret } from "../api/secret.ts";
import type { Kind } from "../api/vocabulary.ts";
import type { Projection } from "../projection/documents.ts";
import type { Change, StoredProjection } from "../projection/feed.ts";
import type { SecretData } from "./credentialsData.ts";

/**
 * The reconcilers' view of the cluster: cached collections with change notifications, and writes with a typed outcome. `kube/` implements
 * it on an API server, `files/` on a directory of YAML files with a state directory. Reconcilers do not depend on which one it is.
 */
export interface Store {
  readonly applications: Collection<Application>;
  readonly grants: Collection<ApiGrant>;
  readonly domains: Collection<ApiDomain>;
  readonly namespaces: Collection<NamespaceObject>;
  /** Secrets that carry the label countersign.dev/credentials: those the operator writes, and those to import from. */
  readonly secrets: Collection<SecretObject>;
  readonly projections: Collection<StoredProjection>;
  /** Gateway API's HTTPRoutes; empty if they are not served. */
  readonly routes: RouteCollection;
  /** Pods of `podNamespace`, among them the verifiers'; empty if they cannot be watched. `start` does not wait for them. */
  readonly pods: Collection<PodObject>;
  /** The only namespace whose Pods are readable; "" if no Pods are readable. */
  readonly podNamespace: string;

  /** Fills every collection and keeps it current until the signal aborts; resolves when all hold a full list. */
  start(signal: AbortSignal): Promise<void>;

  /** A consistent read of the object that begins after the call, never from a cache. Undefined if it does not exist. */
  readObject(kind: Kind, namespace: string, name: string): Promise<ObjectMeta | undefined>;
  /** A consistent read of the version of a projection, as with `readObject`. */
  readProjectionVersion(name: string): Promise<string | undefined>;

  writeFinalizers(
    object: ObjectRef,
    finalizers: readonly string[],
    resourceVersion: string,
  ): Promise<WriteOutcome>;
  /** Replaces the whole status that this operator owns. */
  writeStatus(object: ObjectRef, status: StatusContent, resourceVersion: string): Promise<WriteOutcome>;

  /** Returns `conflict` if a projection of that name exists. */
  createProjection(document: Projection, change: Change): Promise<WriteOutcome>;
  replaceProjection(document: Projection, change: Change, resourceVersion: string): Promise<WriteOutcome>;
  deleteProjection(name: string, resourceVersion: string): Promise<WriteOutcome>;

  /** Returns `conflict` if a Secret of that name exists, regardless of its owner. */
  createCredentials(content: CredentialsContent): Promise<WriteOutcome>;
  /** Resets type, label, owner and data; returns `refused` if the Secret is immutable. */
  restoreCredentials(content: CredentialsContent, resourceVersion: string): Promise<WriteOutcome>;
  deleteCredentials(secret: ObjectRef, resourceVersion: string): Promise<WriteOutcome>;

  /** A consistent read of all verifier Leases that begins after the call, never from a cache. */
  listVerifiers(): Promise<readonly VerifierLease[]>;
  deleteVerifier(name: string, resourceVersion: string): Promise<WriteOutcome>;
  /** A consistent read of a Pod in `podNamespace` that begins after the call. Undefined if it does not exist. */
  readPod(name: string): Promise<PodObject | undefined>;

  /** The record as last written; undefined before. Throws StoreUnavailable. */
  readUseRecord(): Promise<UseRecord | undefined>;
  /** Throws StoreUnavailable; `conflict` if another operator wrote it meanwhile. */
  writeUseRecord(record: UseRecord): Promise<WriteOutcome>;

  /** Best effort: never throws; a lost Event has no effect. */
  recordEvent(event: ObjectEvent): Promise<void>;
}

/** A cached view of all objects of one kind. Keys are `namespace/name`, or `name` for cluster-scoped kinds and projections. */
export interface Collection<T> {
  get(key: string): T | undefined;
  values(): IterableIterator<T>;
  readonly size: number;
  /** Calls the listener with the key of each object that is added, changed or removed after the call. Returns a function that unsubscribes. */
  subscribe(listener: (key: string) => void): () => void;
}

/** HTTPRoutes are a kind of Gateway API, which may be missing or installed later. */
export interface RouteCollection extends Collection<HttpRoute> {
  /** Whether they can be listed; false if Gateway API is not installed. */
  readonly isServed: boolean;
}

/** References one object; `uid` excludes a re-created object of the same name. `namespace` is "" for cluster-scoped kinds. */
export interface ObjectRef {
  readonly kind: Kind | "Secret";
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** The outcome of a write. Other failures (no connection, 5xx, 429) are thrown as StoreUnavailable and retried. */
export type WriteOutcome =
  | { readonly kind: "written"; readonly resourceVersion: string }
  /** It exists already, or is no longer at that resourceVersion: plan again on its present state. */
  | { readonly kind: "conflict" }
  | { readonly kind: "gone" }
  /** The namespace is being deleted: no retry, and not an error. */
  | { readonly kind: "terminating" }
  /** A user has to resolve it. The message is safe to show and has no secret. */
  | { readonly kind: "refused"; readonly message: string };

/** The store could not be reached or did not serve the request; `message` has no secret. */
export class StoreUnavailable extends Error {
  override readonly name = "StoreUnavailable";
}

/** The status of any of the three kinds. */
export interface StatusContent {
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
}

export interface NamespaceObject {
  readonly metadata: ObjectMeta;
}

export interface SecretObject {
  readonly metadata: ObjectMeta;
  readonly type: string;
  readonly immutable: boolean;
  readonly data: SecretData;
}

/** The content of a credentials Secret: type countersign.dev/credentials, labelled, owned by the Application. */
export interface CredentialsContent {
  readonly namespace: string;
  readonly name: string;
  readonly owner: ObjectRef;
  readonly applicationId: string;
  readonly apiAppKey: string;
  readonly apiAppSecret: Secret;
}

/** Where a verifier process runs, by its own account. */
export interface VerifierProcess {
  /** The Pod that it runs in; missing on a bare machine. */
  readonly pod?: PodRef;
  readonly node?: string;
  /** The version of Countersign. */
  readonly version?: string;
}

/** Names one Pod; a Pod of the same name with another UID is another one. */
export interface PodRef {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** The fields of a Pod that are kept. */
export interface PodObject extends PodRef {
  /** Pending, Running, Succeeded, Failed or Unknown; "" if missing. */
  readonly phase: string;
}

/** A verifier whose Lease has not changed for longer than this is silent. A running one renews its Lease every 10 s. */
export const SILENT_AFTER_MS = 30_000;

/** One verifier process, as its Lease shows it. */
export interface VerifierLease extends VerifierProcess {
  readonly name: string;
  /** A random id of the process. */
  readonly holder: string;
  /** The highest projection version that it has applied, as a decimal number; "" before its first full list. */
  readonly applied: string;
  readonly leaseDurationSeconds: number;
  /** Its report of uses, as encodeUses() wrote it; undefined if it does not record them. */
  readonly use?: string;
  readonly resourceVersion: string;
}

/** The time for which every verifier is known to record uses. Epoch milliseconds. */
export interface UseRecord {
  readonly since: number;
  readonly until: number;
}

export interface ObjectEvent {
  readonly object: ObjectRef;
  readonly type: "Normal" | "Warning";
  /** A stable CamelCase constant. */
  readonly reason: string;
  readonly action: EventAction;
  readonly message: string;
}

/** The action of an Event: writing a projection, publishing a credentials Secret, withdrawing a deleted object, or any write. */
export type EventAction = "Projecting" | "Publishing" | "Withdrawing" | "Writing";
