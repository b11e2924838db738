import type { Context, MiddlewareHandler } from "hono";
import { getCookie } from "hono/cookie";
import type { Session } from "./session.ts";

/** Scripts, styles and data come from this server alone, and no other page may frame it or send it forms. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

const HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy": POLICY,
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

/** Sets the headers that every response has. */
export function securityHeaders(): MiddlewareHandler {
  return async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(HEADERS)) context.res.headers.set(name, value);
    if (!context.res.headers.has("Cache-Control")) context.res.headers.set("Cache-Control", "no-store");
  };
}

/**
 * Denies requests that were not sent by the console's own page. A page of another site can make a browser send requests to
 * loopback, and by DNS rebinding under its own name: then Host is that name. `port` is the port of this server.
 */
export function ownPageOnly(port: () => number): MiddlewareHandler {
  return async (context, next) => {
    const host = context.req.header("host") ?? "";
    const own = [`127.0.0.1:${port()}`, `localhost:${port()}`];
    if (!own.includes(host))
      return context.text(`Open http://${own[0]}: this server does not serve another host.\n`, 421);
    const origin = context.req.header("origin");
    if (origin !== undefined && origin !== `http://${host}`) return foreign(context);
    if (isFromElsewhere(context)) return foreign(context);
    if (context.req.method !== "GET" && origin === undefined) return foreign(context);
    return await next();
  };
}

/** Browsers name where a request comes from. A link on another page may open ours, and gets no cookie with it. */
function isFromElsewhere({ req }: Context): boolean {
  const site = req.header("sec-fetch-site") ?? "none";
  if (site === "same-origin" || site === "none") return false;
  return !(req.method === "GET" && req.header("sec-fetch-mode") === "navigate");
}

function foreign(context: Context) {
  return context.text("Only the console's own page may send this request.\n", 403);
}

/** The name of the session's cookie. Cookies are shared by all ports of a host, so the port is in it. */
export function cookieName(port: number): string {
  return `countersign-console-${port}`;
}

/** Denies requests without the session's cookie. */
export function sessionOnly(session: Session, port: () => number): MiddlewareHandler {
  return async (context, next) => {
    if (session.isOpenedBy(getCookie(context, cookieName(port())) ?? "")) return await next();
    return context.text(
      "This browser has no session. Open the link that countersign console printed; it works once. Run the command again for another one.\n",
      401,
    );
  };
}
