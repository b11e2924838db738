import { isDeepStrictEqual } from "node:util";
import { type HttpRoute, readHttpRoute } from "../../api/httpRoute.ts";
import { objectKey } from "../../api/names.ts";
import { isRecord } from "../../base/json.ts";
import { EPOCH } from "../../base/timestamp.ts";
import type { RouteCollection } from "../store.ts";
import { FilesCollection } from "./collection.ts";
import type { Declared } from "./declared.ts";
import type { Versions } from "./versions.ts";

/** The HTTPRoutes of the directory. They are always served. */
export class RouteTable extends FilesCollection<HttpRoute> implements RouteCollection {
  readonly isServed = true;
  readonly #versions: Versions;
  readonly #specs = new Map<string, unknown>();

  constructor(versions: Versions) {
    super();
    this.#versions = versions;
  }

  take(declared: ReadonlyMap<string, Declared>): void {
    const routes = new Map<string, Declared>();
    for (const one of declared.values())
      if (one.kind === "HTTPRoute") routes.set(objectKey(one.namespace, one.name), one);
    for (const key of [...this.keys()]) if (!routes.has(key)) this.#forget(key);
    for (const [key, one] of routes) this.#put(key, one);
  }

  #put(key: string, { namespace, name, spec: object }: Declared): void {
    const spec = isRecord(object) ? object.spec : undefined;
    if (this.get(key) && isDeepStrictEqual(this.#specs.get(key), spec)) return;
    this.#specs.set(key, spec);
    const metadata = {
      name,
      namespace,
      uid: `httproute-${key}`,
      resourceVersion: this.#versions.next(),
      creationTimestamp: EPOCH,
    };
    this.put(key, readHttpRoute(metadata, spec));
  }

  #forget(key: string): void {
    this.#specs.delete(key);
    this.put(key, undefined);
  }
}
