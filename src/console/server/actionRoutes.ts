import { setTimeout as pause } from "node:timers/promises";
import { type Context, Hono } from "hono";
import type { ApiGrant } from "../../api/apiGrant.ts";
import type { Application } from "../../api/application.ts";
import { objectKey } from "../../api/names.ts";
import { field, text } from "../../base/json.ts";
import type { Collection } from "../../store/store.ts";
import { readAction } from "../actions/action.ts";
import { type Change, changeBy, type Refusal } from "../actions/change.ts";
import { generationOf, planOf } from "../actions/plan.ts";
import { type PlannedWrite, type WriteResult, writeOf } from "../actions/write.ts";
import type { ConsoleObjects } from "../objects.ts";
import type { ConsoleDeps } from "./deps.ts";

/** The operator may have written the status a moment ago: then our cache is behind, and the same spec is tried again. */
const ATTEMPTS = 20;
const CACHE_MS = 250;

/** Why an action was not done: a word for the page's texts. */
const REFUSED = (refusal: Refusal | "changed") => ({ error: refusal });

/**
 * Plans actions, and applies them with the viewer's rights: only what was planned on the version that is there now, and only after a
 * server-side dry run.
 */
export function actionRoutes({ source, knowledge, now }: ConsoleDeps): Hono {
  const routes = new Hono();
  const changeFor = (asked: unknown) => {
    const action = readAction(field(asked, "action"));
    return action && changeBy(action, source.objects, seconds(now()));
  };
  routes.post("/plan", async (context) => {
    const change = changeFor(await body(context));
    if (change === undefined) return context.json({ error: "no such action" }, 400);
    if (typeof change === "string") return context.json(REFUSED(change), 409);
    return context.json(planOf(change, knowledge.isComplete ? knowledge.tree : undefined, now()));
  });
  routes.post("/apply", async (context) => {
    const asked = await body(context);
    const isDryRun = field(asked, "isDryRun") === true;
    const { write } = source;
    const send = (planned: PlannedWrite) =>
      writeAfterDryRun((one, dry) => write?.call(source, one, dry), planned, isDryRun);
    for (let attempt = 1; ; attempt++) {
      const change = changeFor(asked);
      if (!write || change === undefined) return context.json({ error: "no such action" }, 400);
      if (typeof change === "string") return context.json(REFUSED(change), 409);
      if (field(asked, "generation") !== generationOf(change)) return context.json(REFUSED("changed"), 409);
      const result = await send(writeOf(change));
      const isStale = result && !result.ok && result.reason === "conflict" && attempt < ATTEMPTS;
      if (result?.ok === true && !isDryRun) await seen(source.objects, change, result.generation);
      if (!isStale) return context.json(result);
      await pause(CACHE_MS);
    }
  });
  routes.post("/secret", async (context) => {
    const asked = await body(context);
    const key = objectKey(text(field(asked, "namespace")), text(field(asked, "name")));
    const application = source.objects.applications.get(key);
    if (!application) return context.json(REFUSED("missing"), 404);
    return context.json(await source.secret(application));
  });
  return routes;
}

type Write = (write: PlannedWrite, isDryRun: boolean) => Promise<WriteResult> | undefined;

/** Writes only what the API server has accepted in a dry run. */
async function writeAfterDryRun(write: Write, planned: PlannedWrite, isDryRun: boolean) {
  const tried = await write(planned, true);
  return tried?.ok === true && !isDryRun ? await write(planned, false) : tried;
}

/** Resolves when our cache has what was written: the viewer's next action is planned on that. After a while it resolves anyway. */
async function seen(objects: ConsoleObjects, { kind, after }: Change, generation: number): Promise<void> {
  const collection: Collection<Application | ApiGrant> =
    kind === "Application" ? objects.applications : objects.grants;
  const key = objectKey(after.metadata.namespace, after.metadata.name);
  const isSeen = () => (collection.get(key)?.metadata.generation ?? 0) >= generation;
  if (isSeen()) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const unsubscribe = collection.subscribe(() => isSeen() && resolve());
  const timer = setTimeout(resolve, ATTEMPTS * CACHE_MS);
  await promise;
  clearTimeout(timer);
  unsubscribe();
}

async function body(context: Context): Promise<unknown> {
  return await context.req.json().catch(() => undefined);
}

/** RFC 3339 in whole seconds, as Kubernetes has times. */
function seconds(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19)}Z`;
}
