import { DEFAULT_DATA_NAMESPACE, LABEL_PROJECTION } from "../../api/names.ts";
import { type Clock, systemClock } from "../../base/clock.ts";
import type { ProjectionSink, StoredProjection } from "../../projection/feed.ts";
import type { WriteOutcome } from "../store.ts";
import type { LeaseContent, LeaseFound, VerifierCluster } from "../verifierCluster.ts";
import type { Connection } from "./connection.ts";
import { type LeaseSpec, Leases } from "./leases/leases.ts";
import { decodeStoredProjection, type ListedSecret } from "./objects.ts";
import { secretsPath } from "./paths.ts";
import { currentVersion, listAllAs, type Resource } from "./watch/list.ts";
import { USUAL_TIMES } from "./watch/reflector.ts";
import { SECRETS } from "./watch/secretList.ts";
import { type WatchListener, type WatchTimes, watchOnce } from "./watch/watch.ts";

export interface KubeVerifierClusterOptions {
  readonly dataNamespace?: string;
  readonly watchTimes?: () => WatchTimes;
  readonly clock?: Clock;
}

/** A watch that ended sooner without any event counts as failed. */
const LIVED_MS = 1_000;

/** The cluster access of a verifier process on an API server, limited to the data namespace. */
export class KubeVerifierCluster implements VerifierCluster {
  readonly #connection: Connection;
  readonly #leases: Leases;
  readonly #projections: Resource;
  readonly #watchTimes: () => WatchTimes;
  readonly #clock: Clock;

  constructor(connection: Connection, options: KubeVerifierClusterOptions = {}) {
    const namespace = options.dataNamespace ?? DEFAULT_DATA_NAMESPACE;
    this.#connection = connection;
    this.#leases = new Leases(connection, namespace);
    this.#projections = { path: secretsPath(namespace), labelSelector: `${LABEL_PROJECTION}=true` };
    this.#clock = options.clock ?? systemClock;
    this.#watchTimes = options.watchTimes ?? USUAL_TIMES.watch;
  }

  findLease(name: string): Promise<LeaseFound | undefined> {
    return this.#leases.find(name);
  }

  createLease(lease: LeaseContent): Promise<WriteOutcome> {
    return this.#leases.create(this.#specOf(lease));
  }

  updateLease(lease: LeaseContent, resourceVersion: string): Promise<WriteOutcome> {
    return this.#leases.update(this.#specOf(lease), resourceVersion);
  }

  async deleteLease(name: string, resourceVersion: string): Promise<void> {
    await this.#leases.delete(name, resourceVersion);
  }

  async list(sink: ProjectionSink): Promise<string> {
    const { items, version } = await listAllAs(SECRETS, this.#connection, this.#projections, stored);
    sink.replace(items, version);
    return version;
  }

  /** A watch that ends by its time limit is followed by the next one, from the last version. */
  async watch(from: string, sink: ProjectionSink, signal: AbortSignal): Promise<void> {
    const place = { version: from };
    const listener = listenerOf(sink, place);
    for (;;) {
      const [began, start] = [this.#clock.monotonic(), place.version];
      const times = this.#watchTimes();
      const { kind } = await watchOnce(this.#connection, this.#projections, start, listener, times, signal);
      const worked = place.version !== start || this.#clock.monotonic() - began > LIVED_MS;
      if (kind !== "over" || !worked) return;
    }
  }

  probe(): Promise<string> {
    return currentVersion(this.#connection, this.#projections);
  }

  #specOf(lease: LeaseContent): LeaseSpec {
    return { ...lease, renewedAt: this.#clock.wall() };
  }
}

function listenerOf(sink: ProjectionSink, place: { version: string }): WatchListener {
  return {
    changed: (object) => {
      sink.upsert(stored(object));
      place.version = object.metadata.resourceVersion;
    },
    deleted: ({ metadata: { name, resourceVersion } }) => {
      sink.remove(name, resourceVersion);
      place.version = resourceVersion;
    },
    bookmark: (version) => {
      sink.bookmark(version);
      place.version = version;
    },
  };
}

function stored(object: ListedSecret): StoredProjection {
  return decodeStoredProjection(object).value;
}
