import { beforeAll, describe, expect, test } from "@jest/globals";
import { ALIBABA } from "../../../src/import/gateway/alibaba.ts";
import { terraformState, toolOutput } from "../../support/alibaba/madeExports.ts";
import { type MadeApi, type MadeTenant, makeTenant } from "../../support/alibaba/madeTenant.ts";
import { vendorVerdict } from "../../support/alibaba/vendorRules.ts";
import { type Files, imported, textsOf } from "../../support/import/imported.ts";
import { POLICY_AT, policyOf, type WrittenPolicy } from "../../support/import/policyOf.ts";
import { pick, randomOf } from "../../support/tencent/madeTenant.ts";

const REQUESTS = 2_000;
const ENDS = [
  "",
  "/",
  "/5",
  "/new",
  "/5/items/7",
  "/5/a/items/7",
  "/files",
  "/files/a",
  "/files/a/b",
  "/open/x",
  "x",
];
const STAGE_HOST = "pre.stock.example.com";

/** Each host with the stage that its requests name: here a host has one environment. */
function hostsOf({ groups }: MadeTenant) {
  const pre = groups
    .filter(({ name }) => name === "stock")
    .map(({ host }) => ({ host, here: STAGE_HOST, stage: "PRE" }));
  return [
    ...groups.map(({ host }) => ({ host, here: host, stage: "RELEASE" })),
    ...groups.flatMap(({ domains }) =>
      domains.map(({ host, stage }) => ({ host, here: host, stage: stage || "RELEASE" })),
    ),
    ...pre,
  ];
}

function requestsOf(tenant: MadeTenant, seed: number) {
  const random = randomOf(seed + 1_000);
  const hosts = hostsOf(tenant);
  return Array.from({ length: REQUESTS }, () => {
    const { host, here, stage } = pick(random, hosts);
    const group = tenant.groups.find(
      (one) => one.host === host || one.domains.some((own) => own.host === host),
    );
    const name = random() < 0.9 ? group?.name : pick(random, tenant.groups).name;
    const method = pick(random, ["GET", "GET", "POST", "DELETE", "PUT"]);
    return {
      app: pick(random, tenant.apps),
      method,
      host,
      here,
      stage,
      path: `/${name}${pick(random, ENDS)}`,
    };
  });
}

describe.each([1, 2, 3])("the imported policy of seed %i", (seed) => {
  const tenant = makeTenant(seed);
  const requests = requestsOf(tenant, seed);
  const stock = tenant.groups.find(({ name }) => name === "stock")?.host ?? "";
  const hosts = new Map([[`${stock}/pre`, STAGE_HOST]]);
  const tools = toolOutput(tenant);
  const security = [...tools].filter(([path]) => path.endsWith("security.json"));
  /** Decisions of MIGRATION.md that narrow: a held grant, and ANY beside another API of the same path in any stage. */
  const isNarrowed = (apis: readonly MadeApi[], method: string) =>
    apis.some((api) => api.plugins.includes("ipControl") || (api.method === "ANY" && method === "DELETE"));

  const sources: Record<string, () => Files> = {
    "tool output": () => tools,
    "tool output and state": () => [...tools, ["terraform.tfstate", terraformState(tenant)]],
  };
  describe.each(Object.entries(sources))("from %s", (_, files) => {
    let policy: WrittenPolicy;
    beforeAll(() => {
      policy = policyOf(textsOf(imported(files(), { gateway: ALIBABA, hosts })));
    });

    test("allows what the vendor allows, but for decisions, and nothing else", () => {
      let allowed = 0;
      for (const request of requests) {
        const { app, method, here, path } = request;
        const vendor = vendorVerdict(tenant, { ...request, app: app.id, at: POLICY_AT });
        const isAllowed = policy.allows(app.key, method, here, path);
        if (isAllowed) allowed += 1;
        if (isAllowed || !isNarrowed(vendor.deciding, method))
          expect([request, isAllowed]).toEqual([request, vendor.isAllowed]);
      }
      expect(allowed).toBeGreaterThan(50);
    });
  });

  test("from a state with key pairs allows no request that the vendor denies, but for ends of authorizations, which a state does not have", () => {
    const files = [["terraform.tfstate", terraformState(tenant)] as const, ...security];
    const policy = policyOf(textsOf(imported(files, { gateway: ALIBABA, hosts })));
    const unlimited = {
      ...tenant,
      authorizations: tenant.authorizations.map((one) => ({ ...one, until: "" })),
    };
    for (const request of requests) {
      const { app, method, here, path } = request;
      if (!policy.allows(app.key, method, here, path)) continue;
      expect([
        request,
        vendorVerdict(unlimited, { ...request, app: app.id, at: POLICY_AT }).isAllowed,
      ]).toEqual([request, true]);
    }
  });

  test("consists of the same objects whatever the order of the files", () => {
    const written = (some: Files) =>
      [...textsOf(imported(some, { gateway: ALIBABA, hosts }))].filter(([path]) => path.endsWith(".yaml"));
    expect(written([...tools].reverse())).toEqual(written(tools));
  });
});
