import { Hono } from "hono";
import { field, text } from "../../base/json.ts";
import type { AccessView } from "../view/access.ts";
import { canView, readRequest } from "../view/can.ts";
import type { ConsoleDeps } from "./deps.ts";

/** Who may call what: the questions of `countersign access`. */
export function accessRoutes({ source, knowledge, now }: ConsoleDeps): Hono {
  const routes = new Hono();
  routes.get("/access", (context) => {
    const { isComplete } = knowledge;
    const rows = isComplete ? knowledge.rows : undefined;
    return context.json<AccessView>({ isComplete, ...(rows === undefined ? {} : { rows }) });
  });
  routes.post("/can", async (context) => {
    const asked: unknown = await context.req.json().catch(() => undefined);
    const request = readRequest(text(field(asked, "method")), text(field(asked, "url")));
    if (!request)
      return context.json({ error: "write a method and a URL, such as GET https://host/path" }, 400);
    const answer = canView(text(field(asked, "application")), request, knowledge, now());
    return answer ? context.json(answer) : context.json({ error: "no such Application" }, 404);
  });
  routes.get("/compare", async (context) => {
    if (!source.compare) return context.json({ error: "start the console with --compare DIR" }, 404);
    return context.json(await source.compare(knowledge.tree));
  });
  return routes;
}
