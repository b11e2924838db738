import { Hono } from "hono";
import { setCookie } from "hono/cookie";
import { apiRoutes } from "./apiRoutes.ts";
import type { ConsoleDeps } from "./deps.ts";
import { cookieName, ownPageOnly, securityHeaders, sessionOnly } from "./guards.ts";

/** The console as a function of requests. */
export function consoleApp(deps: ConsoleDeps): Hono {
  const { session, assets, port } = deps;
  const app = new Hono();
  app.use(securityHeaders(), ownPageOnly(port));
  app.use(async (context, next) => {
    const token = context.req.method === "GET" ? context.req.query("token") : undefined;
    if (token === undefined) return await next();
    const cookie = session.redeem(token);
    if (cookie === undefined) return context.text(USED, 403);
    setCookie(context, cookieName(port()), cookie, { httpOnly: true, sameSite: "Strict", path: "/" });
    return context.html(OPENED);
  });
  app.use(sessionOnly(session, port));
  app.route("/api", apiRoutes(deps));
  app.get("/assets/*", (context) => {
    const asset = assets.get(context.req.path);
    if (!asset) return context.notFound();
    const headers = { "Content-Type": asset.type, "Cache-Control": "private, max-age=31536000, immutable" };
    return context.body(asset.bytes, 200, headers);
  });
  app.get("*", (context) => {
    const page = assets.get("/index.html");
    return page ? context.body(page.bytes, 200, { "Content-Type": page.type }) : context.notFound();
  });
  return app;
}

const USED =
  "This link was used before, or is not of this console. Run countersign console again for another one.\n";

/**
 * Leads on from the link with the token. A redirect would not do: if another program's page has opened the link, the browser sends no
 * SameSite=Strict cookie along a redirect.
 */
const OPENED =
  '<!doctype html><html lang="en"><meta charset="utf-8"><title>Countersign</title><meta http-equiv="refresh" content="0;url=/">';
