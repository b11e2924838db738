import type { HttpRoute } from "../../api/httpRoute.ts";
import type { RouteCollection } from "../store.ts";
import { KubeCollection } from "./collection.ts";

/** The cached HTTPRoutes, and whether the API server serves any. */
export class KubeRoutes extends KubeCollection<HttpRoute> implements RouteCollection {
  #isServed = false;

  get isServed(): boolean {
    return this.#isServed;
  }

  /** The reflector's word on it. */
  readonly onServed = (isServed: boolean): void => {
    this.#isServed = isServed;
  };
}
