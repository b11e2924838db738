import type { ApiDomain } from "../api/apiDomain.ts";
import type { ApiGrant } from "../api/apiGrant.ts";
import type { Application } from "../api/application.ts";
import type { HttpRoute } from "../api/httpRoute.ts";
import type { Condition, ObjectMeta } from "../api/meta.ts";
import type { Secret } from "../api/secret.ts";
import type { Kind } from "../api/vocabulary.ts";
import type { Projection } from "../projection/documents.ts";
import type { Change, StoredProjection } from "../projection/feed.ts";

/**
 * What the reconcilers know of the world: cached collections that tell of changes, and writes that say how they ended.
 * `kube/` keeps it on an API server, `files/` in a directory of YAML with a state directory; a reconciler cannot tell which.
 */
export interface Store {
  readonly applications: Collection<Application>;
  readonly grants: Collection<ApiGrant>;
  readonly domains: Collection<ApiDomain>;
  readonly namespaces: Collection<NamespaceObject>;
  /** Secrets that carry the label countersign.dev/credentials: those the operator writes, and those to import from. */
  readonly secrets: Collection<SecretObject>;
  readonly projections: Collection<StoredProjection>;
  /** Gateway API's HTTPRoutes, where there are any to be seen. */
  readonly routes: RouteCollection;
  /** Pods of `podNamespace`, among them the verifiers'; empty where they cannot be watched. Never awaited by `start`. */
  readonly pods: Collection<PodObject>;
  /** The one namespace whose Pods can be read; "" where there is none. */
  readonly podNamespace: string;

  /** Fills every collection and keeps it current until the signal aborts; resolves when all hold a full list. */
  start(signal: AbortSignal): Promise<void>;

  /** The object as it is now: a consistent read that begins after the call, never one from a cache. Undefined where there is none. */
  readObject(kind: Kind, namespace: string, name: string): Promise<ObjectMeta | undefined>;
  /** The version of a projection as it is now, read like an object. */
  readProjectionVersion(name: string): Promise<string | undefined>;

  writeFinalizers(
    object: ObjectRef,
    finalizers: readonly string[],
    resourceVersion: string,
  ): Promise<WriteOutcome>;
  /** Replaces the whole status that this operator owns. */
  writeStatus(object: ObjectRef, status: StatusContent, resourceVersion: string): Promise<WriteOutcome>;

  /** Fails with `conflict` when a projection of that name exists. */
  createProjection(document: Projection, change: Change): Promise<WriteOutcome>;
  replaceProjection(document: Projection, change: Change, resourceVersion: string): Promise<WriteOutcome>;
  deleteProjection(name: string, resourceVersion: string): Promise<WriteOutcome>;

  /** Fails with `conflict` when a Secret of that name exists, whoever owns it. */
  createCredentials(content: CredentialsContent): Promise<WriteOutcome>;
  /** Sets type, label, owner and data again; `refused` when the Secret is immutable. */
  restoreCredentials(content: CredentialsContent, resourceVersion: string): Promise<WriteOutcome>;
  deleteCredentials(secret: ObjectRef, resourceVersion: string): Promise<WriteOutcome>;

  /** All verifier Leases as they are now: a consistent read that begins after the call, never one from a cache. */
  listVerifiers(): Promise<readonly VerifierLease[]>;
  deleteVerifier(name: string, resourceVersion: string): Promise<WriteOutcome>;
  /** A Pod of `podNamespace` as it is now: a consistent read that begins after the call. Undefined if there is none of that name. */
  readPod(name: string): Promise<PodObject | undefined>;

  /** Best effort: never throws, a lost Event fails nothing. */
  recordEvent(event: ObjectEvent): Promise<void>;
}

/** A cached view of all objects of one kind. Keys are `namespace/name`, or `name` for cluster-scoped kinds and projections. */
export interface Collection<T> {
  get(key: string): T | undefined;
  values(): IterableIterator<T>;
  readonly size: number;
  /** The listener hears the key of each object that was added, changed or removed after the call; returns the way to stop. */
  subscribe(listener: (key: string) => void): () => void;
}

/** HTTPRoutes are somebody else's kind, which may not be installed, or only later. */
export interface RouteCollection extends Collection<HttpRoute> {
  /** Whether they can be seen; false where Gateway API is not installed. */
  readonly isServed: boolean;
}

/** Names one object; `uid` makes sure that a namesake is not taken for it. `namespace` is "" for cluster-scoped kinds. */
export interface ObjectRef {
  readonly kind: Kind | "Secret";
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** How a write ended. What is none of these (no connection, 5xx, 429) is thrown as StoreUnavailable and tried again. */
export type WriteOutcome =
  | { readonly kind: "written"; readonly resourceVersion: string }
  /** It exists already, or is no longer at that resourceVersion: plan again on what is there now. */
  | { readonly kind: "conflict" }
  | { readonly kind: "gone" }
  /** The namespace is being deleted: the end of this step, not an error. */
  | { readonly kind: "terminating" }
  /** Only a person can mend it; the message is safe to show and holds no secret. */
  | { readonly kind: "refused"; readonly message: string };

/** The store could not be reached or would not answer now; `message` holds no secret. */
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
  /** Decoded values. */
  readonly data: ReadonlyMap<string, Secret>;
}

/** What a credentials Secret holds: type countersign.dev/credentials, labelled, owned by the Application. */
export interface CredentialsContent {
  readonly namespace: string;
  readonly name: string;
  readonly owner: ObjectRef;
  readonly applicationId: string;
  readonly apiAppKey: string;
  readonly apiAppSecret: Secret;
}

/** Where a verifier process runs, as it says itself. */
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

/** What is kept of a Pod. */
export interface PodObject extends PodRef {
  /** Pending, Running, Succeeded, Failed or Unknown; "" where the API server named none. */
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
  readonly resourceVersion: string;
}

export interface ObjectEvent {
  readonly object: ObjectRef;
  readonly type: "Normal" | "Warning";
  /** A stable CamelCase constant. */
  readonly reason: string;
  readonly action: EventAction;
  readonly message: string;
}

/** What the operator was doing: writing a projection, writing a credentials Secret, ending a deleted object, any write. */
export type EventAction = "Projecting" | "Publishing" | "Withdrawing" | "Writing";
