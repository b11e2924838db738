import type { Gap } from "../../../console/gap.ts";
import type { About, ConsoleSource, VerifierReport } from "../../../console/source.ts";
import type { AskedExplanation, ExplainAnswer } from "../../../console/view/explain.ts";
import { ProjectionIndex } from "../../../policy/index/projectionIndex.ts";
import type { Connection } from "../../../store/kube/connection.ts";
import { NotServed } from "../../../store/kube/watch/list.ts";
import { StoreUnavailable } from "../../../store/store.ts";
import type { VerifierCluster } from "../../../store/verifierCluster.ts";
import { connect } from "../connect.ts";
import { explainPasted } from "../explain/explainPasted.ts";
import { CliFailure, USAGE } from "../failure.ts";
import type { ClusterFlags } from "../flags/clusterFlags.ts";
import { type ListedVerifier, listVerifiers } from "../verifiers/verifierList.ts";
import { takeSnapshot } from "../verifiers/verifierSnapshot.ts";
import { ClusterObjects } from "./clusterObjects.ts";
import { userOf } from "./clusterRights.ts";

/** Flags of a console over a cluster. */
export interface ClusterConsoleFlags extends ClusterFlags {
  /** Where to look if the viewer may not list all namespaces. */
  readonly namespace?: string;
}

/** The projections are listed at most this often, in milliseconds. */
const VERIFIERS_EVERY_MS = 5_000;

/** Lists the projections of a cluster into an index. */
type Lister = Pick<VerifierCluster, "list">;

/** A cluster, with the rights of the viewer's kubeconfig. */
class ClusterSource implements ConsoleSource {
  readonly about: About;
  readonly objects: ClusterObjects;
  readonly #connection: Connection;
  readonly #dataNamespace: string;
  readonly #projections: Lister;
  #verifiers: { readonly until: number; readonly report: Promise<VerifierReport> } | undefined;

  constructor(
    about: About,
    objects: ClusterObjects,
    cluster: {
      readonly connection: Connection;
      readonly projections: Lister;
      readonly dataNamespace: string;
    },
  ) {
    const { connection, projections, dataNamespace } = cluster;
    this.#projections = projections;
    this.about = about;
    this.objects = objects;
    this.#connection = connection;
    this.#dataNamespace = dataNamespace;
  }

  gaps(): readonly Gap[] {
    return this.objects.gaps;
  }

  verifiers(): Promise<VerifierReport> {
    const now = performance.now();
    if (this.#verifiers && this.#verifiers.until > now) return this.#verifiers.report;
    const report = this.#readVerifiers();
    this.#verifiers = { until: now + VERIFIERS_EVERY_MS, report };
    return report;
  }

  async explain(asked: AskedExplanation): Promise<ExplainAnswer> {
    const index = new ProjectionIndex();
    try {
      await this.#projections.list(index);
      return await explainPasted(asked, index, Date.now());
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      const reason = error instanceof NotServed ? "forbidden" : "unavailable";
      return { kind: "gap", gap: { resource: `secrets in ${this.#dataNamespace}`, reason, commands: [] } };
    }
  }

  async #readVerifiers(): Promise<VerifierReport> {
    const resource = `leases.coordination.k8s.io in ${this.#dataNamespace}`;
    try {
      const { snapshot } = await takeSnapshot(this.#connection, this.#dataNamespace);
      return { verifiers: listVerifiers(snapshot).map(rowOf), gaps: [] };
    } catch (error) {
      if (error instanceof CliFailure)
        return {
          verifiers: [],
          gaps: [{ resource, reason: "forbidden", commands: leaseRights(this.#dataNamespace) }],
        };
      if (!(error instanceof StoreUnavailable)) throw error;
      return { verifiers: [], gaps: [{ resource, reason: "unavailable", commands: [] }] };
    }
  }
}

/**
 * Runs `work` with the cluster that the flags name. Throws CliFailure if it does not respond; rights that are missing are gaps of the
 * source.
 */
export async function withClusterSource(
  flags: ClusterConsoleFlags,
  signal: AbortSignal,
  work: (source: ConsoleSource) => Promise<void>,
): Promise<void> {
  const { connection, access, kube } = await connect(flags);
  const stop = new AbortController();
  try {
    const namespace = flags.namespace ?? access.namespace ?? "default";
    const objects = new ClusterObjects(connection, { user: await userOf(connection), namespace });
    await objects.start(AbortSignal.any([signal, stop.signal]));
    const isPartial = objects.gaps.some(({ onlyNamespace }) => onlyNamespace !== undefined);
    const about = { mode: "cluster", name: access.context, ...(isPartial ? { namespace } : {}) } as const;
    const { dataNamespace } = flags;
    const projections = new kube.KubeVerifierCluster(connection, { dataNamespace });
    await work(new ClusterSource(about, objects, { connection, projections, dataNamespace }));
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    throw new CliFailure(`the cluster cannot be read: ${error.message}`, USAGE);
  } finally {
    stop.abort();
    await connection.close();
  }
}

function rowOf({ name, state, version, lastContact, lag }: ListedVerifier) {
  return {
    ...{ name, state, lastContact },
    ...(version === undefined ? {} : { version }),
    ...(lag === undefined ? {} : { lagChanges: lag.changes, lagSeconds: lag.seconds }),
  };
}

function leaseRights(namespace: string): readonly string[] {
  const name = "countersign-console-verifiers";
  return [
    `kubectl create role ${name} -n ${namespace} --verb=list --resource=leases.coordination.k8s.io`,
    `kubectl create rolebinding ${name} -n ${namespace} --role=${name} --user='<your user>'`,
  ];
}
