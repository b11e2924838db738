import type { HttpRoute } from "../../api/httpRoute.ts";
import type { RouteCollection } from "../store.ts";
import { KubeCollection } from "./collection.ts";

/** The cached HTTPRoutes, and whether the API server serves any. */
export class KubeRoutes extends KubeCollection<HttpRoute> implements RouteCollection {
  #isServed = false;

  get isServed(): boolean {
    return this.#isServed;
  }

  /** Set by the reflector. */
  readonly onServed = (isServed: boolean): void => {
    this.#isServed = isServed;
  };
}
