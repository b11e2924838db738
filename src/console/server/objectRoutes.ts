import { type Context, Hono } from "hono";
import { objectKey } from "../../api/names.ts";
import { apiRows, apiView } from "../view/apis.ts";
import { applicationView } from "../view/application.ts";
import { applicationRows } from "../view/applications.ts";
import { domainRows, domainView } from "../view/domains.ts";
import { grantRows, grantView } from "../view/grants.ts";
import type { ConsoleDeps } from "./deps.ts";

/** Lists of objects, and one of each. */
export function objectRoutes({ source, knowledge }: ConsoleDeps): Hono {
  const { applications, grants, domains } = source.objects;
  const keyOf = (context: Context) =>
    objectKey(context.req.param("namespace") ?? "", context.req.param("name") ?? "");
  const one = <T, V extends object>(
    context: Context,
    found: T | undefined,
    view: (found: T) => V | undefined,
  ) => {
    const shown = found === undefined ? undefined : view(found);
    return shown === undefined ? context.json(MISSING, 404) : context.json(shown);
  };
  const routes = new Hono();
  routes.get("/applications", (context) => context.json(applicationRows(applications)));
  routes.get("/applications/:namespace/:name", (context) =>
    one(context, applications.get(keyOf(context)), (found) => applicationView(found, knowledge)),
  );
  routes.get("/grants", (context) => context.json(grantRows(grants.values(), knowledge)));
  routes.get("/grants/:namespace/:name", (context) =>
    one(context, grants.get(keyOf(context)), (found) => grantView(found, knowledge)),
  );
  routes.get("/domains", (context) => context.json(domainRows(domains.values(), grants.values())));
  routes.get("/domains/:name", (context) =>
    one(context, domains.get(keyOf(context)), (found) => domainView(found, grants.values(), knowledge)),
  );
  routes.get("/apis", (context) => context.json(apiRows(grants.values(), knowledge)));
  routes.get("/apis/:namespace/:name", (context) =>
    one(context, context.req.param(), (api) => apiView(grants.values(), api, knowledge)),
  );
  return routes;
}

const MISSING = { error: "there is no such object, or you may not see it" };
