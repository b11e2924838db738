import { type Context, Hono } from "hono";
import { streamSSE } from "hono/streaming";
import type { Gap } from "../gap.ts";
import type { About } from "../source.ts";
import { type OverviewView, overviewOf } from "../view/overview.ts";
import { accessRoutes } from "./accessRoutes.ts";
import type { ConsoleDeps } from "./deps.ts";
import { explainRoutes } from "./explainRoutes.ts";
import { objectRoutes } from "./objectRoutes.ts";
import type { Revision } from "./revision.ts";

/** What every page shows. */
export interface MetaView {
  readonly about: About;
  readonly version: string;
  readonly gaps: readonly Gap[];
  /** Whether there is a directory to compare with. */
  readonly canCompare: boolean;
}

/** The data of the pages, as JSON. */
export function apiRoutes(deps: ConsoleDeps): Hono {
  const { source, revision, version, now } = deps;
  const api = new Hono();
  const { objects, about } = source;
  api.get("/meta", (context) =>
    context.json<MetaView>({ about, version, gaps: source.gaps(), canCompare: source.compare !== undefined }),
  );
  api.get("/overview", async (context) => {
    const { verifiers, gaps } = await source.verifiers();
    return context.json<OverviewView>({
      ...overviewOf(objects, now()),
      verifiers,
      gaps: [...source.gaps(), ...gaps],
    });
  });
  api.route("/", objectRoutes(deps));
  api.route("/", accessRoutes(deps));
  api.route("/", explainRoutes(deps));
  api.get("/events", (context) => events(context, revision));
  api.all("*", (context) => context.json({ error: "there is no such resource" }, 404));
  return api;
}

/** Sends the number of each revision as a server-sent event, until the page is closed. */
function events(context: Context, revision: Revision): Response {
  return streamSSE(context, async (stream) => {
    const closed = Promise.withResolvers<void>();
    const send = (number: number) => void stream.writeSSE({ data: String(number) });
    const unsubscribe = revision.subscribe(send);
    stream.onAbort(() => {
      unsubscribe();
      closed.resolve();
    });
    await stream.writeSSE({ data: String(revision.number) });
    await closed.promise;
  });
}
