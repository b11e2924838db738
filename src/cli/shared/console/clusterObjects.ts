import type { ApiDomain } from "../../../api/apiDomain.ts";
import type { ApiGrant } from "../../../api/apiGrant.ts";
import type { Application } from "../../../api/application.ts";
import type { HttpRoute } from "../../../api/httpRoute.ts";
import type { Gap } from "../../../console/gap.ts";
import type { ConsoleObjects } from "../../../console/source.ts";
import { KubeCollection } from "../../../store/kube/collection.ts";
import type { Connection } from "../../../store/kube/connection.ts";
import {
  type Decode,
  decodeApplication,
  decodeDomain,
  decodeGrant,
  decodeNamespace,
  decodeRoute,
} from "../../../store/kube/objects.ts";
import { HTTP_ROUTES_PATH, httpRoutesPath, kindPath, NAMESPACES_PATH } from "../../../store/kube/paths.ts";
import { Reflector } from "../../../store/kube/watch/reflector.ts";
import type { NamespaceObject } from "../../../store/store.ts";
import { reachOf, type Viewer, type Wanted } from "./clusterRights.ts";

/** The objects of a cluster that the viewer may list, kept current by watches. */
export class ClusterObjects implements ConsoleObjects {
  readonly applications = new KubeCollection<Application>();
  readonly grants = new KubeCollection<ApiGrant>();
  readonly domains = new KubeCollection<ApiDomain>();
  readonly namespaces = new KubeCollection<NamespaceObject>();
  readonly routes = new KubeCollection<HttpRoute>();
  readonly #connection: Connection;
  readonly #viewer: Viewer;
  readonly #gaps: Gap[] = [];

  constructor(connection: Connection, viewer: Viewer) {
    this.#connection = connection;
    this.#viewer = viewer;
  }

  /** What the viewer may not list. */
  get gaps(): readonly Gap[] {
    return this.#gaps;
  }

  /** Resolves when everything that may be listed is there. Throws StoreUnavailable if the server does not respond. */
  async start(signal: AbortSignal): Promise<void> {
    const { namespace } = this.#viewer;
    const kind = (name: "Application" | "ApiGrant", resource: string): Wanted => ({
      resource,
      path: kindPath(name),
      namespacedPath: kindPath(name, namespace),
      isOptional: false,
    });
    const whole = { namespacedPath: "", isOptional: false };
    const routes = { resource: "httproutes.gateway.networking.k8s.io", path: HTTP_ROUTES_PATH };
    await Promise.all([
      this.#follow(
        this.applications,
        decodeApplication,
        kind("Application", "applications.countersign.dev"),
        signal,
      ),
      this.#follow(this.grants, decodeGrant, kind("ApiGrant", "apigrants.countersign.dev"), signal),
      this.#follow(
        this.domains,
        decodeDomain,
        { resource: "apidomains.countersign.dev", path: kindPath("ApiDomain"), ...whole },
        signal,
      ),
      this.#follow(
        this.namespaces,
        decodeNamespace,
        { resource: "namespaces", path: NAMESPACES_PATH, ...whole },
        signal,
      ),
      this.#follow(
        this.routes,
        decodeRoute,
        { ...routes, namespacedPath: httpRoutesPath(namespace), isOptional: true },
        signal,
      ),
    ]);
  }

  async #follow<T>(
    collection: KubeCollection<T>,
    decode: Decode<T>,
    wanted: Wanted,
    signal: AbortSignal,
  ): Promise<void> {
    const connection = this.#connection;
    const { path, gap } = await reachOf(connection, wanted, this.#viewer);
    if (gap) this.#gaps.push(gap);
    if (path === undefined) return;
    const hooks = { onRestart: () => undefined };
    const reflector = new Reflector({ connection, resource: { path }, decode }, collection, hooks);
    void reflector.run(signal);
    await reflector.synced;
  }
}
