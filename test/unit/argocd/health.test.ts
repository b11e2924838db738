import { readFile } from "node:fs/promises";
import { describe, expect, test } from "@jest/globals";
import { LuaFactory } from "wasmoon";
import { parse } from "yaml";
import { KINDS } from "../../../src/api/crds.ts";
import { GROUP } from "../../../src/api/names.ts";
import { applicationAfter, type Outcome, READINESS } from "../../cases/readiness.ts";

const file = (name: string) => readFile(new URL(`../../../argocd/${name}`, import.meta.url), "utf8");
const HEALTH: Readonly<Record<Outcome, string>> = {
  waits: "Progressing",
  proceeds: "Healthy",
  fails: "Degraded",
};

/** Runs the script as Argo CD does: the object in the global `obj`, as tables; the answer is what it returns. */
async function healthOf(object: object): Promise<{ readonly status: string; readonly message: string }> {
  const lua = await new LuaFactory().createEngine();
  try {
    const answer = await lua.doString(`obj = ${luaTable(object)}\n${await file("health.lua")}`);
    return { ...answer };
  } finally {
    lua.global.close();
  }
}

/** A Lua table of a JSON value; Argo CD hands over tables too, not objects of another language. */
function luaTable(value: unknown): string {
  if (Array.isArray(value)) return `{${value.map(luaTable).join(", ")}}`;
  if (typeof value !== "object" || value === null) return value === undefined ? "nil" : JSON.stringify(value);
  return `{${Object.entries(value).map(([key, one]) => `[${JSON.stringify(key)}] = ${luaTable(one)}`)}}`;
}

describe("Argo CD's health of", () => {
  test.each(Object.entries(READINESS).map(([name, [act, outcome]]) => ({ name, act, outcome })))(
    "$name: the pipeline $outcome",
    async ({ act, outcome }) => {
      const health = await healthOf(await applicationAfter(act));
      expect(health).toEqual({ status: HEALTH[outcome], message: expect.stringMatching(/./) });
    },
  );

  test("an object without any status is that it waits", async () => {
    expect((await healthOf({ metadata: { generation: 1 } })).status).toBe("Progressing");
  });
});

test("argocd-cm.yaml has the script for each kind", async () => {
  const { data } = parse(await file("argocd-cm.yaml"));
  const script = await file("health.lua");
  expect(data).toEqual(
    Object.fromEntries(KINDS.map(({ kind }) => [`resource.customizations.health.${GROUP}_${kind}`, script])),
  );
});
