import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { field, text } from "../../base/json.ts";
import type { ConsoleDeps } from "./deps.ts";

/** A pasted request may be a whole HAR file. */
const MAX_BYTES = 16_777_216;

/** Explains requests. Their text, which may hold what callers send, is neither logged nor kept. */
export function explainRoutes({ source }: ConsoleDeps): Hono {
  const routes = new Hono();
  routes.post("/explain", bodyLimit({ maxSize: MAX_BYTES }), async (context) => {
    const asked: unknown = await context.req.json().catch(() => undefined);
    const at = text(field(asked, "at")) === "sent" ? "sent" : "now";
    return context.json(await source.explain({ text: text(field(asked, "text")), at }));
  });
  return routes;
}
