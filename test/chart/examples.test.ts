import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type ApiServer, startApiServer } from "../support/apiServer.ts";
import { type Applied, objectsIn } from "./objects.ts";

const EXAMPLES = fileURLToPath(new URL("../../examples", import.meta.url));
const files = (await readdir(EXAMPLES, { recursive: true })).filter((name) => /\.ya?ml$/.test(name)).sort();
/** Kinds of gateways, which their own tests hold to their schemas: this server has none of their CRDs. */
const GATEWAYS = /^gateways\/(?!envoy\/)/;

let server: ApiServer;
let served: string;
beforeAll(async () => {
  server = await startApiServer();
  await server.kubectl(["apply", "--server-side", "-k", "crds"]);
  await server.crdsServed();
  served = await server.kubectl(["api-versions"]);
}, 120_000);
afterAll(() => server?.stop());

async function objectsOf(name: string): Promise<readonly Applied[]> {
  return objectsIn(await readFile(join(EXAMPLES, name), "utf8"));
}

/** An API server refuses, also in a dry run, what lies in a namespace that is not there. */
async function createNamespaces(objects: readonly Applied[]): Promise<void> {
  for (const { metadata } of objects) {
    if (metadata.namespace === undefined) continue;
    const namespace = JSON.stringify({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: metadata.namespace },
    });
    await server.apply(namespace, ["--server-side"]);
  }
}

describe("an API server takes the objects of the example", () => {
  test.each(files)("%s", async (name) => {
    const objects = await objectsOf(name);
    const known = objects.filter(({ apiVersion }) => served.split("\n").includes(apiVersion));
    if (!GATEWAYS.test(name)) expect(known).toEqual(objects);
    if (known.length === 0) return;
    await createNamespaces(known);
    const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: known });
    const printed = await server.apply(list, ["--server-side", "--dry-run=server"]);
    expect(printed.trim().split("\n")).toHaveLength(known.length);
  });
});

test("the quick start has one of each kind", async () => {
  const names = files.filter((name) => name.startsWith("quickstart/"));
  const kinds = (await Promise.all(names.map(objectsOf))).flat().map(({ kind }) => kind);
  expect(kinds).toEqual(expect.arrayContaining(["ApiDomain", "Application", "ApiGrant"]));
});
