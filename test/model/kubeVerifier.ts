import { randomUUID } from "node:crypto";
import { systemClock } from "../../src/base/clock.ts";
import { ProjectionIndex } from "../../src/policy/index/projectionIndex.ts";
import type { ProjectionSink } from "../../src/projection/feed.ts";
import { compareVersions } from "../../src/projection/versions.ts";
import { loadAccess } from "../../src/store/kube/access.ts";
import { Connection } from "../../src/store/kube/connection.ts";
import { KubeVerifierCluster } from "../../src/store/kube/verifierCluster.ts";
import { Membership } from "../../src/verifier/membership.ts";
import type { ApiServer } from "../support/apiServer.ts";
import { asking } from "./asking.ts";

/** Events come late, so that an operator that does not wait for a verifier is ahead of it. Milliseconds. */
const LATE_MS = 60;

class LateCluster extends KubeVerifierCluster {
  override watch(from: string, sink: ProjectionSink, signal: AbortSignal): Promise<void> {
    const later = (tell: () => void) => setTimeout(tell, LATE_MS);
    const late: ProjectionSink = {
      replace: (projections, version) => later(() => sink.replace(projections, version)),
      upsert: (projection) => later(() => sink.upsert(projection)),
      remove: (name, version) => later(() => sink.remove(name, version)),
      bookmark: (version) => later(() => sink.bookmark(version)),
    };
    return super.watch(from, late, signal);
  }
}

type Ask = ReturnType<typeof asking>;

interface Running {
  readonly membership: Membership;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
  readonly ask: Ask;
}

/** One verifier of a cluster, in this process but with the rights of its own Pod. A restart leaves its Lease behind, as a crash does. */
export class KubeVerifier {
  readonly #connection: Connection;
  readonly #leaseName: string;
  readonly #now: () => number;
  #running: Running | undefined;
  #applied = "";

  private constructor(connection: Connection, leaseName: string, now: () => number) {
    this.#connection = connection;
    this.#leaseName = leaseName;
    this.#now = now;
  }

  static async create(server: ApiServer, name: string, now: () => number): Promise<KubeVerifier> {
    const pod = await server.createPod("countersign-system", name, "countersign-verifier");
    const kubeconfig = await server.kubeconfigFor("countersign-system", "countersign-verifier", pod);
    const connection = new Connection(loadAccess({ kubeconfig }));
    return new KubeVerifier(connection, `${name}.${pod.uid.slice(0, 8)}.0`, now);
  }

  start(): void {
    const index = new ProjectionIndex();
    this.#applied = "";
    const membership = new Membership(
      { leaseName: this.#leaseName, holder: randomUUID(), maxStalenessMs: 600_000 },
      {
        cluster: new LateCluster(this.#connection),
        sink: this.#noting(index),
        clock: systemClock,
        onChange: () => {},
        onTrouble: () => {},
      },
    );
    const stop = new AbortController();
    const ask = asking(index, () => membership.isReady(), this.#now);
    this.#running = { membership, stop, ended: membership.run(stop.signal), ask };
  }

  async restart(): Promise<void> {
    await this.#end();
    this.start();
  }

  /** Whether it serves, by a state that is at least of that version. */
  has(version: string): boolean {
    return this.#running?.membership.isReady() === true && compareVersions(this.#applied, version) >= 0;
  }

  ask(...args: Parameters<Ask>): ReturnType<Ask> {
    if (!this.#running) throw new Error("the verifier does not run");
    return this.#running.ask(...args);
  }

  async stop(): Promise<void> {
    await this.#end();
    await this.#connection.close();
  }

  async #end(): Promise<void> {
    this.#running?.stop.abort();
    await this.#running?.ended;
  }

  /** The index, which also notes the latest version that it received. */
  #noting(index: ProjectionIndex): ProjectionSink {
    const note = (version: string) => {
      if (compareVersions(version, this.#applied) > 0) this.#applied = version;
    };
    return {
      replace: (projections, version) => {
        index.replace(projections);
        note(version);
      },
      upsert: (projection) => {
        index.upsert(projection);
        note(projection.resourceVersion);
      },
      remove: (name, version) => {
        index.remove(name, version);
        note(version);
      },
      bookmark: note,
    };
  }
}
