import { expect, test } from "@jest/globals";
import { Knowledge } from "../../../../src/console/knowledge/knowledge.ts";
import { actionRoutes } from "../../../../src/console/server/actionRoutes.ts";
import type { ConsoleDeps } from "../../../../src/console/server/deps.ts";
import { emptyObjects, emptySource } from "../../../support/console/sources.ts";

const IN = { namespace: "team-shop", name: "mobile-app" };

/** An Application at a generation, as the API server has it. */
function application(generation: number, suspended = false) {
  const creationTimestamp = "2026-01-01T00:00:00Z";
  const metadata = { ...IN, uid: "u", resourceVersion: `${generation}`, generation, creationTimestamp };
  return { kind: "Application", metadata, spec: { suspended } } as never;
}

/** Routes whose watch delivers a write only when `arrive` is called. */
function slowWatch() {
  const objects = emptyObjects();
  objects.applications.put("team-shop/mobile-app", application(1));
  const written = Promise.withResolvers<void>();
  const write = async (_: unknown, isDryRun: boolean) => {
    if (!isDryRun) written.resolve();
    return { ok: true, generation: 2 } as const;
  };
  const source = { ...emptySource(objects), write };
  const knowledge = new Knowledge(source, () => 0, Date.now);
  const routes = actionRoutes({ source, knowledge, now: Date.now } as unknown as ConsoleDeps);
  const post = async (path: string, asked: object) => {
    const response = await routes.request(path, { method: "POST", body: JSON.stringify(asked) });
    return (await response.json()) as { readonly generation: number };
  };
  const arrive = () => objects.applications.put("team-shop/mobile-app", application(2, true));
  return { post, written: written.promise, arrive };
}

test("after an action was applied the next one is planned on its result, however late the watch reports it", async () => {
  const { post, written, arrive } = slowWatch();
  const asked = { action: { kind: "suspend", ...IN }, generation: 1, isDryRun: false };
  const next = post("/apply", asked).then(() => post("/plan", { action: { kind: "resume", ...IN } }));
  await written;
  setImmediate(arrive);
  expect((await next).generation).toBe(2);
});

test("a dry run waits for nothing", async () => {
  const { post } = slowWatch();
  const asked = { action: { kind: "suspend", ...IN }, generation: 1, isDryRun: true };
  expect(await post("/apply", asked)).toEqual({ ok: true, generation: 2 });
});
