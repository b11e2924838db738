import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import protobuf from "protobufjs";
import { parse } from "yaml";
import { HEADER_PREFIX, IDENTITY_NAMES } from "../../../src/api/names.ts";
import { findGatewayFiles, GATEWAYS, type Gateway } from "../../parts/gateways.ts";
import { type ApiServer, startApiServer } from "../../support/apiServer.ts";
import { protoJsonProblems } from "../../support/protoJson.ts";

const EXAMPLES = fileURLToPath(new URL("../../../examples/gateways", import.meta.url));
const MODULES = fileURLToPath(new URL("../../../node_modules", import.meta.url));
const NAMESPACES = ["team-shop", "countersign-system", "istio-ingress", "projectcontour", "emissary"];

/** A field of each example on which it depends that nothing passes unchecked; misspelt it must be refused, not ignored. */
const FIELDS: Readonly<Record<Gateway, readonly (readonly [file: string, field: string])[]>> = {
  "gateway-api": [
    ["route.yaml", "forwardBody"],
    ["route.yaml", "protocol"],
    ["verifier.yaml", "clientCertificateRef"],
  ],
  "envoy-gateway": [
    ["gateway.yaml", "bodyToExtAuth"],
    ["gateway.yaml", "failOpen"],
    ["gateway.yaml", "escapedSlashesAction"],
    ["gateway.yaml", "panicThreshold"],
    ["route.yaml", "contextExtensions"],
    ["verifier.yaml", "clientCertificateRef"],
  ],
  istio: [
    ["policy.yaml", "provider"],
    ["policy.yaml", "subjectAltNames"],
  ],
  contour: [
    ["proxy.yaml", "packAsBytes"],
    ["proxy.yaml", "failOpen"],
    ["proxy.yaml", "authPolicy"],
    ["verifier.yaml", "caSecret"],
  ],
  kgateway: [
    ["verifier.yaml", "packAsBytes"],
    ["verifier.yaml", "failOpen"],
    ["gateway.yaml", "earlyRequestHeaderModifier"],
    ["route.yaml", "contextExtensions"],
  ],
  emissary: [
    ["verifier.yaml", "failure_mode_allow"],
    ["verifier.yaml", "allow_partial"],
    ["mapping.yaml", "auth_context_extensions"],
  ],
};

let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer();
  await install();
  for (const name of NAMESPACES) await server.kubectl(["create", "namespace", name]);
  await server.crdsServed();
}, 180_000);
afterAll(() => server?.stop());

/** The definitions of the kinds that the examples use, as they are shipped but for Emissary's. */
async function install(): Promise<void> {
  const used = new Set((await everyManifest()).flatMap((text) => text.match(/(?<=^kind: )\w+/gm) ?? []));
  for (const gateway of GATEWAYS) {
    const { crds } = await findGatewayFiles(gateway);
    const texts = await Promise.all(crds.map((path) => readFile(path, "utf8")));
    const wanted = texts
      .flatMap((text) => text.split(/^---$/m))
      .filter((text) => used.has(/^ {4}kind: (\w+)$/m.exec(text)?.[1] ?? ""));
    const yaml = gateway === "emissary" ? JSON.stringify(unconverted(wanted)) : wanted.join("\n---\n");
    await server.apply(yaml, ["--server-side"]);
  }
}

interface Crd {
  readonly spec: {
    readonly versions: readonly { readonly name: string; readonly storage: boolean }[];
  };
}

/** Emissary's own server converts between its versions; without it only the version of the examples can be stored. */
function unconverted(texts: readonly string[]): object {
  const items = texts.map((text) => {
    const crd = parse(text) as Crd;
    const versions = crd.spec.versions.filter(({ name }) => name === "v3alpha1");
    const stored = versions.map((one) => ({ ...one, storage: true }));
    return { ...crd, spec: { ...crd.spec, conversion: { strategy: "None" }, versions: stored } };
  });
  return { apiVersion: "v1", kind: "List", items };
}

function dryRun(yaml: string): Promise<string> {
  return server.apply(yaml, ["--dry-run=server", "--validate=strict"]);
}

const file = (gateway: Gateway, name: string) => readFile(join(EXAMPLES, gateway, name), "utf8");

/** The example's files that hold Kubernetes objects. */
async function manifests(gateway: Gateway): Promise<readonly string[]> {
  const names = (await readdir(join(EXAMPLES, gateway))).filter((name) => name.endsWith(".yaml"));
  const texts = await Promise.all(names.map((name) => file(gateway, name)));
  return texts.filter((text) => /^apiVersion:/m.test(text));
}

async function everyManifest(): Promise<readonly string[]> {
  return (await Promise.all(GATEWAYS.map(manifests))).flat();
}

describe.each(GATEWAYS)("the example for %s", (gateway) => {
  test("is accepted by the schemas that the gateway ships", async () => {
    for (const text of await manifests(gateway)) {
      expect(await dryRun(text)).toMatch(/created \(server dry run\)/);
    }
  }, 60_000);

  test.each(FIELDS[gateway])("%s with a misspelt %s is refused", async (name, field) => {
    const text = await file(gateway, name);
    const misspelt = text.replaceAll(new RegExp(`\\b${field}:`, "g"), `${field}x:`);
    expect(misspelt).not.toBe(text);
    await expect(dryRun(misspelt)).rejects.toThrow(new RegExp(`unknown field "[^"]*\\b${field}x"`));
  });
});

describe("Istio's mesh configuration", () => {
  let meshConfig: protobuf.Type;
  beforeAll(async () => {
    const { folder } = await findGatewayFiles("istio");
    const root = new protobuf.Root();
    const folders = [folder, join(MODULES, "protobufjs"), join(MODULES, "@grpc/grpc-js-xds/deps/googleapis")];
    root.resolvePath = (_, target) =>
      folders.map((one) => join(one, target)).find((path) => existsSync(path)) ?? target;
    root.loadSync("mesh/v1alpha1/config.proto");
    meshConfig = root.lookupType("istio.mesh.v1alpha1.MeshConfig");
  });
  const example = async () => parse(await file("istio", "mesh-config.yaml")).meshConfig;

  test("is what its protobuf schema knows", async () => {
    expect(protoJsonProblems(meshConfig, await example())).toEqual([]);
  });

  test.each(["failOpen", "packAsBytes", "timeout", "envoyExtAuthzGrpc"])(
    "a misspelt %s is seen",
    async (field) => {
      const text = JSON.stringify(await example()).replaceAll(`"${field}"`, `"${field}x"`);
      expect(protoJsonProblems(meshConfig, JSON.parse(text)).join()).toMatch(`${field}x: unknown field`);
    },
  );

  test("names the provider that the policy asks", async () => {
    const names = (await example()).extensionProviders.map(({ name }: { name: string }) => name);
    expect(names).toContain(/provider: \{name: (\w+)\}/.exec(await file("istio", "policy.yaml"))?.[1]);
  });
});

describe("every example", () => {
  test("P23: fails closed", async () => {
    for (const text of await everyManifest()) expect(text).not.toMatch(/(failOpen|failure_mode_allow): true/);
  });

  test("P28: names identity headers only to remove a client's own, so none chooses a route", async () => {
    const removed = /^ *- (x-countersign-[a-z-]+|\{type: Prefix, value: x-countersign-\})$/gm;
    for (const text of await everyManifest())
      expect(text.replaceAll(removed, "")).not.toMatch(/x-countersign/);
  });

  test("P22: removes every identity header where a prefix cannot be named", async () => {
    const named = (await file("kgateway", "gateway.yaml")).match(/(?<=- )x-countersign-[a-z-]+/g);
    expect(named).toEqual(IDENTITY_NAMES.map((name) => `${HEADER_PREFIX}${name}`));
  });
});
