import { ANNOTATION_APPLIED } from "../../api/names.ts";
import { microTimestamp } from "../../base/timestamp.ts";
import { StoreUnavailable, type VerifierLease, type VerifierProcess, type WriteOutcome } from "../store.ts";
import type { Answer, Connection } from "./connection.ts";
import { processAnnotations, readProcess } from "./leaseAnnotations.ts";
import { DEFAULT_LEASE_SECONDS } from "./leaseSnapshot.ts";
import { listAll } from "./list.ts";
import { writtenAt } from "./managedFields.ts";
import { type RawObject, rawObject } from "./objects.ts";
import { leasesPath, objectPath } from "./paths.ts";
import { failedWrite } from "./status.ts";

/** A Lease as it is written. */
export interface LeaseSpec {
  readonly name: string;
  /** "" says that nobody holds it. */
  readonly holder: string;
  readonly leaseDurationSeconds: number;
  readonly transitions?: number;
  /** Milliseconds since the epoch, by the holder's clock; told to people, never compared. */
  readonly acquiredAt?: number;
  readonly renewedAt: number;
  /** Of a verifier; a leader has neither. */
  readonly applied?: string;
  readonly process?: VerifierProcess;
}

/** A Lease as it was found. */
export interface FoundLease extends VerifierLease {
  /** By the API server's clock, epoch milliseconds; only `find` reads it. */
  readonly writtenAt?: number | undefined;
  readonly transitions: number;
}

/**
 * The Leases of one namespace, read as they are now and written under their versions. Throws StoreUnavailable.
 * The API server creates a Lease by PUT when there is none, whatever version is said; only a UID makes it refuse that.
 * So the UID of each Lease that was found or written here is remembered, and a Lease that is gone stays gone.
 */
export class Leases {
  readonly #connection: Connection;
  readonly #path: string;
  readonly #namespace: string;
  readonly #uids = new Map<string, string>();

  constructor(connection: Connection, namespace: string) {
    this.#connection = connection;
    this.#namespace = namespace;
    this.#path = leasesPath(namespace);
  }

  async list(): Promise<readonly FoundLease[]> {
    return (await listAll(this.#connection, { path: this.#path }, readLease)).items;
  }

  async find(name: string, signal?: AbortSignal): Promise<FoundLease | undefined> {
    const answer = await this.#connection.request("GET", objectPath(this.#path, name), { signal });
    const failed = failedWrite(answer, false);
    if (failed?.kind === "gone") return undefined;
    const object = failed ? undefined : rawObject(answer.body);
    if (!object) throw new StoreUnavailable(`the Lease ${name} could not be read: ${answer.status}`);
    this.#uids.set(name, object.metadata.uid);
    return { ...readLease(object), writtenAt: writtenAt(answer.body) };
  }

  async create(lease: LeaseSpec, signal?: AbortSignal): Promise<WriteOutcome> {
    const body = this.#manifest(lease);
    return this.#written(await this.#connection.request("POST", this.#path, { body, signal }));
  }

  /** Only of a Lease that was found or created here. `conflict` also when it is gone. */
  async update(lease: LeaseSpec, resourceVersion: string, signal?: AbortSignal): Promise<WriteOutcome> {
    const uid = this.#uids.get(lease.name);
    if (uid === undefined) return { kind: "gone" };
    const body = this.#manifest(lease, { uid, resourceVersion });
    const path = objectPath(this.#path, lease.name);
    return this.#written(await this.#connection.request("PUT", path, { body, signal }));
  }

  async delete(name: string, resourceVersion: string): Promise<WriteOutcome> {
    const body = { apiVersion: "v1", kind: "DeleteOptions", preconditions: { resourceVersion } };
    const answer = await this.#connection.request("DELETE", objectPath(this.#path, name), { body });
    return failedWrite(answer, false) ?? { kind: "written", resourceVersion };
  }

  #written(answer: Answer): WriteOutcome {
    const failed = failedWrite(answer, false);
    if (failed) return failed;
    const { metadata } = rawObject(answer.body) ?? {};
    if (!metadata) throw new StoreUnavailable("the write of a Lease was not answered with it");
    this.#uids.set(metadata.name, metadata.uid);
    return { kind: "written", resourceVersion: metadata.resourceVersion };
  }

  #manifest(
    lease: LeaseSpec,
    preconditions: { readonly uid?: string; readonly resourceVersion?: string } = {},
  ) {
    const applied = lease.applied === undefined ? {} : { [ANNOTATION_APPLIED]: lease.applied };
    const annotations = { ...applied, ...processAnnotations(lease.process ?? {}) };
    return {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: {
        name: lease.name,
        namespace: this.#namespace,
        annotations,
        ...preconditions,
      },
      spec: {
        holderIdentity: lease.holder,
        leaseDurationSeconds: lease.leaseDurationSeconds,
        acquireTime: microTimestamp(lease.acquiredAt ?? lease.renewedAt),
        renewTime: microTimestamp(lease.renewedAt),
        leaseTransitions: lease.transitions ?? 0,
      },
    };
  }
}

function readLease({ metadata, spec }: RawObject): FoundLease {
  const { holderIdentity, leaseDurationSeconds, leaseTransitions }: Record<string, unknown> = {
    ...Object(spec),
  };
  const seconds = typeof leaseDurationSeconds === "number" ? leaseDurationSeconds : DEFAULT_LEASE_SECONDS;
  return {
    ...readProcess(metadata.annotations),
    name: metadata.name,
    holder: typeof holderIdentity === "string" ? holderIdentity : "",
    applied: metadata.annotations?.[ANNOTATION_APPLIED] ?? "",
    leaseDurationSeconds: seconds,
    resourceVersion: metadata.resourceVersion,
    transitions: typeof leaseTransitions === "number" ? leaseTransitions : 0,
  };
}
