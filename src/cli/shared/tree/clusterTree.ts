import { livingOf } from "../../../access/living.ts";
import type { Tree } from "../../../access/tree.ts";
import type { ObjectMeta } from "../../../api/meta.ts";
import { objectKey } from "../../../api/names.ts";
import {
  type Validator,
  validateApiDomain,
  validateApiGrant,
  validateApplication,
} from "../../../api/validation/validate.ts";
import type { Connection } from "../../../store/kube/connection.ts";
import {
  type Decode,
  decodeApplication,
  decodeDomain,
  decodeGrant,
  decodeNamespace,
  decodeRoute,
} from "../../../store/kube/objects.ts";
import { HTTP_ROUTES_PATH, kindPath, NAMESPACES_PATH } from "../../../store/kube/paths.ts";
import { listAll, NotServed } from "../../../store/kube/watch/list.ts";
import { StoreUnavailable } from "../../../store/store.ts";
import { connect } from "../connect.ts";
import { CliFailure, USAGE } from "../failure.ts";
import type { ClusterFlags } from "../flags/clusterFlags.ts";
import { aborted, interrupted } from "../untilSignal.ts";

/** The tree of a cluster, and lines about what is not in it. */
export interface ClusterTree {
  readonly tree: Tree;
  readonly notes: readonly string[];
}

/**
 * Lists the objects of the cluster that the flags name: Applications, ApiGrants and ApiDomains, and namespaces and HTTPRoutes
 * only if one of these needs them. It reads no Secret. Throws CliFailure with the rights that are missing.
 */
export async function readClusterTree(flags: ClusterFlags, signal: AbortSignal): Promise<ClusterTree> {
  const { connection } = await connect(flags);
  try {
    const read = await Promise.race([listTree(connection, signal), aborted(signal)]);
    if (!read) throw interrupted(signal);
    return read;
  } catch (error) {
    if (signal.aborted) throw interrupted(signal);
    if (!(error instanceof StoreUnavailable)) throw error;
    throw new CliFailure(`the cluster cannot be read: ${error.message}`, USAGE);
  } finally {
    await connection.close();
  }
}

async function listTree(connection: Connection, signal: AbortSignal): Promise<ClusterTree> {
  const lists = new Lists(connection, signal);
  const [applications, grants, domains] = await Promise.all([
    lists.list("applications.countersign.dev", kindPath("Application"), decodeApplication),
    lists.list("apigrants.countersign.dev", kindPath("ApiGrant"), decodeGrant),
    lists.list("apidomains.countersign.dev", kindPath("ApiDomain"), decodeDomain),
  ]);
  const needsLabels = domains.some(({ spec }) => spec?.namespaces?.selector !== undefined);
  const needsRoutes = grants.some(({ spec }) => spec?.targetRefs !== undefined);
  const [namespaces, routes] = await Promise.all([
    needsLabels ? lists.list("namespaces", NAMESPACES_PATH, decodeNamespace) : [],
    needsRoutes ? lists.list("httproutes.gateway.networking.k8s.io", HTTP_ROUTES_PATH, decodeRoute) : [],
  ]);
  lists.failIfMissing();
  const notes: string[] = [];
  return {
    notes,
    tree: {
      applications: living("Application", applications, validateApplication, notes),
      grants: living("ApiGrant", grants, validateApiGrant, notes),
      domains: living("ApiDomain", domains, validateApiDomain, notes),
      routes: new Map(
        routes.map((route) => [objectKey(route.metadata.namespace, route.metadata.name), route]),
      ),
      namespaceLabels: new Map(namespaces.map(({ metadata }) => [metadata.name, metadata.labels ?? {}])),
    },
  };
}

/** Lists that remember which resources may not be listed, or are not served. */
class Lists {
  readonly #connection: Connection;
  readonly #signal: AbortSignal;
  readonly #missing: string[] = [];

  constructor(connection: Connection, signal: AbortSignal) {
    this.#connection = connection;
    this.#signal = signal;
  }

  async list<T>(resource: string, path: string, decode: Decode<T>): Promise<readonly T[]> {
    try {
      const { items } = await listAll(this.#connection, { path }, decode, this.#signal);
      return items.map(({ value }) => value);
    } catch (error) {
      if (!(error instanceof NotServed)) throw error;
      this.#missing.push(resource);
      return [];
    }
  }

  failIfMissing(): void {
    if (this.#missing.length === 0) return;
    const resources = [...this.#missing].sort().join(",");
    throw new CliFailure(
      `the cluster cannot be read: this kubeconfig may not list ${resources.replaceAll(",", ", ")}, or the cluster does not serve them. ` +
        `Ask a cluster admin for:\n` +
        `  kubectl create clusterrole countersign-access --verb=get,list --resource=${resources}\n` +
        `  kubectl create clusterrolebinding countersign-access --clusterrole=countersign-access --user=<your user>`,
      USAGE,
    );
  }
}

/** The objects that are not being deleted, with a valid spec; a note names the others. */
function living<Spec, T extends { readonly metadata: ObjectMeta; readonly spec: Spec }>(
  kind: string,
  objects: readonly T[],
  validate: Validator<Spec>,
  notes: string[],
): readonly T[] {
  const { living: found, invalid } = livingOf(objects, validate);
  for (const { metadata } of invalid)
    notes.push(
      `${kind} ${objectKey(metadata.namespace, metadata.name)} is invalid and is left out: see its condition Accepted`,
    );
  return found;
}
