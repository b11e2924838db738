import type { ApiDomain } from "../api/apiDomain.ts";
import type { ApiGrant } from "../api/apiGrant.ts";
import type { Application } from "../api/application.ts";
import type { HttpRoute } from "../api/httpRoute.ts";
import type { Collection, NamespaceObject } from "../store/store.ts";

/** The objects, as far as the viewer may read them. Specs are as stored, so a spec may be invalid. */
export interface ConsoleObjects {
  readonly applications: Collection<Application>;
  readonly grants: Collection<ApiGrant>;
  readonly domains: Collection<ApiDomain>;
  readonly namespaces: Collection<NamespaceObject>;
  readonly routes: Collection<HttpRoute>;
}
