import { beforeAll, describe, expect, test } from "@jest/globals";
import { imported, textsOf } from "../../support/import/imported.ts";
import { policyOf, type WrittenPolicy } from "../../support/import/policyOf.ts";
import { terraformState, toolOutput } from "../../support/tencent/madeExports.ts";
import { type MadeTenant, makeTenant, pick, randomOf } from "../../support/tencent/madeTenant.ts";
import { isRegular, vendorVerdict } from "../../support/tencent/vendorRules.ts";

const REQUESTS = 2_000;
const METHODS = ["GET", "GET", "GET", "POST", "PUT", "DELETE", "PATCH"];
const PREFIXES = ["/release", "/test", "/prepub", "", "/other"];
const ENDS = [
  ...[
    "",
    "",
    "/",
    "x",
    "/5",
    "/5/items/7",
    "/5/a/items/7",
    "/new",
    "/newer",
    "/assets",
    "/assets/a.png",
    "/assetsx",
  ],
  ...[
    "/health",
    "/health/x",
    "/legacy",
    "/123/pdf",
    "/123/pdfx",
    "/12/3/pdf",
    "/files/a.json",
    "/files/a/b.json",
  ],
];

/** Requests near those that are allowed: half of them are made for a binding, the others vary each part. */
function requestsOf(tenant: MadeTenant, seed: number) {
  const random = randomOf(seed + 1_000);
  const hosts = [...tenant.services.map(({ host }) => host), ...tenant.domains.map(({ host }) => host)];
  return Array.from({ length: REQUESTS }, () => {
    const bind = pick(random, tenant.binds);
    const api = tenant.apis.find(({ id }) => id === bind.api);
    const service = tenant.services.find(({ id }) => id === bind.service);
    const isNear = random() < 0.5;
    const own = tenant.domains.filter((domain) => domain.service === service?.id).map(({ host }) => host);
    const host = isNear ? pick(random, [service?.host ?? "", ...own]) : pick(random, hosts);
    const prefix = isNear ? pick(random, [`/${bind.environment}`, ""]) : pick(random, PREFIXES);
    const path = isNear
      ? (api?.path ?? "")
          .replace(/^(?:=|\^~)/, "")
          .replaceAll(/\{[^}]*\}/g, () => pick(random, ["5", "a/b", "new"]))
      : `/${service?.name}${pick(random, ENDS)}`;
    const method = isNear && api?.method !== "ANY" ? (api?.method ?? "") : pick(random, METHODS);
    return {
      app: random() < 0.8 ? bind.app : pick(random, tenant.apps).id,
      method,
      host,
      path: prefix + path,
    };
  });
}

describe.each([1, 2, 3, 4, 5])("the imported policy of seed %i", (seed) => {
  const tenant = makeTenant({ seed, apps: 40, partners: 2, masked: 2 });
  const requests = requestsOf(tenant, seed);
  const keyOf = (id: string) => tenant.apps.find((app) => app.id === id)?.key ?? "";
  const canSign = (id: string) => tenant.apps.some((app) => app.id === id && !app.isForeign && !app.isMasked);
  /** Decisions of MIGRATION.md that change a verdict: no usable key, a partner, a regular expression. */
  const isDecision = (app: string, deciding: readonly { readonly path: string }[]) =>
    !canSign(app) || deciding.some(({ path }) => isRegular(path));

  const sources: Record<string, () => Parameters<typeof imported>[0]> = {
    "tool output": () => toolOutput(tenant),
    "tool output and state": () => [...toolOutput(tenant), ["terraform.tfstate", terraformState(tenant)]],
  };

  describe.each(Object.entries(sources))("from %s", (_, files) => {
    let policy: WrittenPolicy;
    beforeAll(() => {
      policy = policyOf(textsOf(imported(files())));
    });

    test("allows what the vendor allowed, but for the decisions, and never more", () => {
      const counts = { allowed: 0, denied: 0, decisions: 0 };
      for (const request of requests) {
        const vendor = vendorVerdict(tenant, request);
        const isAllowed = policy.allows(keyOf(request.app), request.method, request.host, request.path);
        if (isAllowed && !vendor.isAllowed) throw new Error(`wider: ${JSON.stringify(request)}`);
        if (isDecision(request.app, vendor.deciding)) counts.decisions += 1;
        else if (isAllowed !== vendor.isAllowed) throw new Error(`lost: ${JSON.stringify(request)}`);
        else if (isAllowed) counts.allowed += 1;
        else counts.denied += 1;
      }
      expect(counts.allowed).toBeGreaterThan(50);
      expect(counts.denied).toBeGreaterThan(500);
      expect(counts.decisions).toBeGreaterThan(10);
    });
  });

  test("from state alone is never wider", () => {
    const policy = policyOf(textsOf(imported([["terraform.tfstate", terraformState(tenant)]])));
    const wider = requests.filter(
      (request) =>
        policy.allows(keyOf(request.app), request.method, request.host, request.path) &&
        !vendorVerdict(tenant, request).isAllowed,
    );
    expect(wider).toEqual([]);
  });
});
