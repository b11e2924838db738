import { ANNOTATION_APPLIED, ANNOTATION_USE } from "../../../api/names.ts";
import { text } from "../../../base/json.ts";
import { microTimestamp, parseTime } from "../../../base/timestamp.ts";
import {
  StoreUnavailable,
  type VerifierLease,
  type VerifierProcess,
  type WriteOutcome,
} from "../../store.ts";
import { failedWrite } from "../apiStatus.ts";
import type { Answer, Connection } from "../connection.ts";
import { type RawObject, rawObject } from "../objects.ts";
import { leasesPath, objectPath } from "../paths.ts";
import { listAll } from "../watch/list.ts";
import { processAnnotations, readProcess } from "./leaseAnnotations.ts";
import { DEFAULT_LEASE_SECONDS } from "./leaseSnapshot.ts";
import { writtenAt } from "./managedFields.ts";

/** The written fields of a Lease. */
export interface LeaseSpec {
  readonly name: string;
  /** "" if it has no holder. */
  readonly holder: string;
  readonly leaseDurationSeconds: number;
  readonly transitions?: number;
  /** Milliseconds since the epoch, by the holder's clock; for display only, never compared. */
  readonly acquiredAt?: number;
  readonly renewedAt: number;
  /** Only for verifiers; missing for the leader. */
  readonly applied?: string;
  readonly use?: string;
  readonly process?: VerifierProcess;
}

/** A Lease that was read. */
export interface FoundLease extends VerifierLease {
  /** By the API server's clock, epoch milliseconds; only `find` reads it. */
  readonly writtenAt?: number | undefined;
  readonly transitions: number;
  /** By the holder's clock, epoch milliseconds. */
  readonly acquiredAt: number | undefined;
  readonly renewedAt: number | undefined;
}

/**
 * The Leases of one namespace, with consistent reads and with writes under optimistic concurrency. Throws StoreUnavailable.
 * A PUT creates a missing Lease even if it has a resourceVersion; the API server refuses that only if it has a UID. So this class
 * remembers the UID of each Lease that it read or wrote, and never recreates a deleted one.
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

  /** Only for a Lease that was read or created here. Returns `conflict` also if it was deleted. */
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
    if (!metadata) throw new StoreUnavailable("the response to the write of a Lease has no Lease");
    this.#uids.set(metadata.name, metadata.uid);
    return { kind: "written", resourceVersion: metadata.resourceVersion };
  }

  #manifest(
    lease: LeaseSpec,
    preconditions: { readonly uid?: string; readonly resourceVersion?: string } = {},
  ) {
    const applied = lease.applied === undefined ? {} : { [ANNOTATION_APPLIED]: lease.applied };
    const use = lease.use === undefined ? {} : { [ANNOTATION_USE]: lease.use };
    const annotations = { ...applied, ...use, ...processAnnotations(lease.process ?? {}) };
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
  const { holderIdentity, leaseDurationSeconds, leaseTransitions, acquireTime, renewTime } = entriesOf(spec);
  const seconds = typeof leaseDurationSeconds === "number" ? leaseDurationSeconds : DEFAULT_LEASE_SECONDS;
  const use = metadata.annotations?.[ANNOTATION_USE];
  return {
    ...readProcess(metadata.annotations),
    name: metadata.name,
    holder: typeof holderIdentity === "string" ? holderIdentity : "",
    applied: metadata.annotations?.[ANNOTATION_APPLIED] ?? "",
    leaseDurationSeconds: seconds,
    ...(use === undefined ? {} : { use }),
    resourceVersion: metadata.resourceVersion,
    transitions: typeof leaseTransitions === "number" ? leaseTransitions : 0,
    acquiredAt: parseTime(text(acquireTime)),
    renewedAt: parseTime(text(renewTime)),
  };
}

function entriesOf(spec: unknown): Readonly<Record<string, unknown>> {
  return { ...Object(spec) };
}
