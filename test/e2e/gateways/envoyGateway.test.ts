import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parseAllDocuments } from "yaml";
import { CALLER_CASES, MAX_REQUEST_BYTES } from "../../cases/callerCases.ts";
import { ENVOY_VERSION, type EnvoyGatewayProcess, startEnvoyGateway } from "../../support/envoyGateway.ts";
import { eventually } from "../../support/events.ts";
import { outcomeOf } from "../../support/outcome.ts";
import { reservePort } from "../../support/ports.ts";
import { type Shop, startShop } from "../../support/shop.ts";
import type { SignedCall } from "../../support/signedBytes.ts";

const EXAMPLE = fileURLToPath(new URL("../../../examples/gateways/envoy-gateway", import.meta.url));
const EG_API = "gateway.envoyproxy.io/v1alpha1";
const NAMESPACE = "team-shop";

let shop: Shop;
let gateway: EnvoyGatewayProcess;
let port: number;
let resources: readonly object[];

beforeAll(async () => {
  shop = await startShop(MAX_REQUEST_BYTES);
  port = await reservePort();
  resources = [...(await example()), ...surroundings(), goldRoute()];
  gateway = await startEnvoyGateway(resources);
  await until("200", { target: "/orders" });
  await until("403 ApiNotGranted", { target: "/refunds" });
}, 480_000);
afterAll(async () => {
  await gateway?.stop();
  await shop?.stop();
});

const outcome = (call: SignedCall) => outcomeOf(port, call, shop);

const until = (wanted: string, call: SignedCall) =>
  eventually(async () => (await outcome(call)) === wanted, { timeoutMs: 100_000 });

interface Resource {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: Record<string, unknown>;
}

/** The example, with what this machine has in the place of Services, names of hosts, and certificates, and times that it can keep when busy. */
async function example(): Promise<readonly object[]> {
  const names = ["gateway.yaml", "route.yaml", "verifier.yaml"];
  const texts = await Promise.all(names.map((name) => readFile(join(EXAMPLE, name), "utf8")));
  return texts
    .map((text) => text.replaceAll("16777216", String(MAX_REQUEST_BYTES)).replaceAll(/[15]00ms/g, "5s"))
    .flatMap((text) => parseAllDocuments(text).map((one) => one.toJS() as Resource))
    .filter(({ kind }) => kind !== "ReferenceGrant")
    .map(onThisMachine);
}

/** Without Kubernetes Envoy Gateway knows no kind of policy when it looks for a ReferenceGrant, so all is in one namespace. */
function onThisMachine(resource: Resource): object {
  const change: Readonly<Record<string, object>> = {
    GatewayClass: {
      parametersRef: {
        group: "gateway.envoyproxy.io",
        kind: "EnvoyProxy",
        name: "host",
        namespace: NAMESPACE,
      },
    },
    Gateway: { listeners: [{ name: "http", protocol: "HTTP", port }] },
    HTTPRoute: {
      rules: (resource.spec.rules as object[])?.map((rule) => ({
        ...rule,
        backendRefs: [backendRef("orders")],
      })),
    },
    Backend: { endpoints: [endpoint(shop.verifierPort)], tls: undefined },
  };
  const namespace = resource.kind === "GatewayClass" ? {} : { namespace: NAMESPACE };
  const changed = {
    ...resource,
    metadata: { ...resource.metadata, ...namespace },
    spec: { ...resource.spec, ...change[resource.kind] },
  };
  return JSON.parse(JSON.stringify(changed).replaceAll(',"namespace":"countersign-system"', ""));
}

const endpoint = (of: number) => ({ ip: { address: "127.0.0.1", port: of } });
const backendRef = (name: string) => ({ group: "gateway.envoyproxy.io", kind: "Backend", name });

/** An Envoy of this machine, and the upstream. */
function surroundings(): readonly object[] {
  const host = { type: "Host", host: { envoyVersion: ENVOY_VERSION } };
  return [
    {
      apiVersion: EG_API,
      kind: "EnvoyProxy",
      metadata: { name: "host", namespace: NAMESPACE },
      spec: { provider: host },
    },
    {
      apiVersion: EG_API,
      kind: "Backend",
      metadata: { name: "orders", namespace: NAMESPACE },
      spec: { endpoints: [endpoint(shop.upstream.port)] },
    },
  ];
}

/** A route that an admin should not have: it goes by an identity header. */
function goldRoute(): object {
  const headers = [{ name: "x-countersign-plan", value: "gold" }];
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { name: "gold", namespace: NAMESPACE },
    spec: {
      parentRefs: [{ name: "public" }],
      hostnames: ["api.shop.example.com"],
      rules: [
        {
          matches: [{ path: { type: "PathPrefix", value: "/orders" }, headers }],
          filters: [{ type: "RequestRedirect", requestRedirect: { hostname: "gold.example.com" } }],
        },
      ],
    },
  };
}

describe("behind Envoy Gateway", () => {
  const cases = Object.entries(CALLER_CASES);
  test.each(cases)("%s", async (_, { call, outcome: plain, envoyGateway = plain }) => {
    expect(await outcome(call)).toBe(envoyGateway);
  });

  test("P28: a forged identity header chooses no route, and reaches no upstream", async () => {
    expect(await outcome({ target: "/orders", more: [["x-countersign-plan", "gold"]] })).toBe("200");
    expect(JSON.stringify(shop.upstream.seen.at(-1))).not.toContain("gold");
  });

  test("P4: a policy that names another API than host and path do refuses, from the moment its file is replaced", async () => {
    const other = JSON.stringify(resources).replace(
      '"value":"team-shop/orders"',
      '"value":"team-shop/refunds"',
    );
    await gateway.write(JSON.parse(other));
    await until("403 ContextMismatch", { target: "/orders" });
    await gateway.write(resources);
    await until("200", { target: "/orders" });
  }, 240_000);

  test("P23: without a verifier every request is a 503, and none reaches the upstream", async () => {
    await shop.stopVerifier();
    expect(await outcome({ target: "/orders" })).toBe("503");
    expect(await outcome({ target: "/refunds" })).toBe("503");
  });
});
