import { USE_LEASE } from "../../../api/names.ts";
import type { UseRecord, WriteOutcome } from "../../store.ts";
import type { Connection } from "../connection.ts";
import { type LeaseSpec, Leases } from "./leases.ts";

/** No process waits for this Lease to expire; an API server asks for a duration all the same. */
const LEASE_SECONDS = 3_600;

/** The record of last use as a Lease without a holder: acquired when the record began, and renewed until now. */
export class UseLease {
  readonly #leases: Leases;
  /** Undefined before it was read or written; "" if it does not exist. */
  #version: string | undefined;

  constructor(connection: Connection, namespace: string) {
    this.#leases = new Leases(connection, namespace);
  }

  /** Throws StoreUnavailable. */
  async read(): Promise<UseRecord | undefined> {
    const found = await this.#leases.find(USE_LEASE);
    this.#version = found?.resourceVersion ?? "";
    if (found?.acquiredAt === undefined || found.renewedAt === undefined) return undefined;
    return { since: found.acquiredAt, until: found.renewedAt };
  }

  /** Throws StoreUnavailable. After a conflict the next write begins with a read. */
  async write({ since, until }: UseRecord): Promise<WriteOutcome> {
    if (this.#version === undefined) await this.read();
    const spec: LeaseSpec = {
      ...{ name: USE_LEASE, holder: "", leaseDurationSeconds: LEASE_SECONDS },
      ...{ acquiredAt: since, renewedAt: until },
    };
    const outcome = this.#version
      ? await this.#leases.update(spec, this.#version)
      : await this.#leases.create(spec);
    this.#version = outcome.kind === "written" ? outcome.resourceVersion : undefined;
    return outcome;
  }
}
