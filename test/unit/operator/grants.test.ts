import { beforeEach, describe, expect, test } from "@jest/globals";
import { readHttpRoute } from "../../../src/api/httpRoute.ts";
import type { ApiGrantProjection } from "../../../src/projection/documents.ts";
import type { MemoryStore } from "../../support/memoryStore.ts";
import type { HandOperator } from "../../support/operatorHarness.ts";
import { emptyStage, grantsOf } from "../../support/teamShop.ts";

let store: MemoryStore;
let operator: HandOperator;

beforeEach(() => {
  ({ store, operator } = emptyStage());
});

const { grant, domain, application, status, domainCondition, applicationStatus } = grantsOf(() => store);

describe("a grant", () => {
  test("is Ready when it owns its hosts, binds the Application that it names, and shows in the Application's status", async () => {
    domain(["*.shop.example.com"]);
    application();
    grant([{ name: "mobile" }]);
    await operator.settle();
    expect(status().conditions.get("Ready")).toBe("True Ready");
    const { applicationId = "" } = applicationStatus() ?? {};
    expect(status().applications).toEqual({
      bound: 1,
      pending: 0,
      items: [{ applicationId, name: "mobile", state: "Bound" }],
    });
    expect(applicationStatus()?.grants).toEqual({
      count: 1,
      items: [{ grant: "team-shop/partners", environment: "release", apis: ["orders"] }],
    });
  });

  test("binds those that its selector selects, and lets them go with their label", async () => {
    domain(["api.shop.example.com"]);
    grant([{ selector: { matchLabels: { tier: "internal" } } }]);
    application("a", "team-shop", { tier: "internal" });
    application("b", "team-shop", { tier: "internal" });
    application("c", "team-shop", { tier: "external" });
    application("d", "elsewhere", { tier: "internal" });
    await operator.settle();
    expect(status().applications).toMatchObject({ bound: 2, pending: 0 });
    application("a", "team-shop", {});
    await operator.settle();
    expect(status().applications).toMatchObject({ bound: 1 });
    expect(applicationStatus("team-shop/a")?.grants?.count).toBe(0);
  });

  test("P29: tells nothing of a foreign id: absent and pinned elsewhere look the same", async () => {
    application("partner", "team-partner");
    await operator.settle();
    const { applicationId = "" } = applicationStatus("team-partner/partner") ?? {};
    grant([{ applicationId: "app-00000000" }], {}, "absent");
    grant([{ applicationId, namespace: "team-other" }], {}, "pinned");
    grant([{ applicationId }], {}, "right");
    await operator.settle();
    const items = (name: string) => status(name).applications;
    expect(items("absent")).toEqual({
      bound: 0,
      pending: 1,
      items: [{ applicationId: "app-00000000", state: "Pending" }],
    });
    expect(items("pinned")).toEqual({ bound: 0, pending: 1, items: [{ applicationId, state: "Pending" }] });
    expect(items("right")).toEqual({ bound: 1, pending: 0, items: [{ applicationId, state: "Bound" }] });
  });

  test("P29: is not written when a foreign Application comes or goes that its pin excludes, so its version tells nothing", async () => {
    grant([{ applicationId: "app-00000000", namespace: "team-other" }]);
    await operator.settle();
    const version = () => store.grants.get("team-shop/partners")?.metadata.resourceVersion;
    const before = version();
    application("partner", "team-partner");
    await operator.settle();
    const { applicationId = "" } = applicationStatus("team-partner/partner") ?? {};
    grant([{ applicationId, namespace: "team-other" }], {}, "pinned");
    await operator.settle();
    const pinned = store.grants.get("team-shop/pinned")?.metadata.resourceVersion;
    store.delete("Application", "team-partner/partner");
    await operator.settle();
    expect([version(), store.grants.get("team-shop/pinned")?.metadata.resourceVersion]).toEqual([
      before,
      pinned,
    ]);
  });

  test("shows at most 50 Applications, and counts them all", async () => {
    for (let index = 0; index < 60; index++) application(`a${index}`, "team-shop", { tier: "internal" });
    grant([{ selector: { matchLabels: { tier: "internal" } } }, { name: "nobody" }]);
    await operator.settle();
    expect(status().applications).toMatchObject({ bound: 60, pending: 1 });
    expect(status().applications?.items).toHaveLength(50);
  });

  test("P30: is not effective for a host that no ApiDomain gives to its namespace, until one does", async () => {
    application();
    grant([{ name: "mobile" }]);
    domain(["api.shop.example.com"], { names: ["team-other"] });
    await operator.settle();
    expect(status().conditions.get("HostsOwned")).toBe("False HostNotOwned");
    expect(status().conditions.get("Ready")).toBe("False HostNotOwned");
    expect(JSON.stringify(status())).not.toContain("team-other");
    expect(applicationStatus()?.grants?.count).toBe(0);
    domain(["api.shop.example.com"]);
    await operator.settle();
    expect(status().conditions.get("Ready")).toBe("True Ready");
    expect(applicationStatus()?.grants?.count).toBe(1);
  });

  test("follows the labels of its namespace to an ApiDomain by selector", async () => {
    domain(["api.shop.example.com"], { selector: { matchLabels: { team: "shop" } } });
    grant([{ name: "mobile" }]);
    await operator.settle();
    expect(status().conditions.get("HostsOwned")).toBe("False HostNotOwned");
    store.setNamespace("team-shop", { team: "shop" });
    await operator.settle();
    expect(status().conditions.get("HostsOwned")).toBe("True HostsOwned");
    expect(store.projections.get("grant.team-shop.partners")?.document).toMatchObject({
      namespaceLabels: { team: "shop" },
    });
  });

  describe("with targetRefs", () => {
    const ROUTE = {
      name: "orders",
      namespace: "team-shop",
      uid: "r",
      resourceVersion: "1",
      creationTimestamp: "",
    };
    const put = (hostnames: readonly string[]) =>
      store.routes.put("team-shop/orders", readHttpRoute(ROUTE, { hostnames, rules: [] }));
    const targets = () => {
      const targetRefs = [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: "orders" }];
      grant([{ name: "mobile" }], { apis: [{ name: "orders" }], targetRefs });
    };
    const apis = () =>
      (store.projections.get("grant.team-shop.partners")?.document as ApiGrantProjection | undefined)?.apis;

    test("follows the HTTPRoute as it comes, changes and goes", async () => {
      domain(["api.shop.example.com"]);
      targets();
      await operator.settle();
      expect(status().conditions.get("ResolvedRefs")).toBe("False TargetNotFound");
      expect(status().conditions.get("HostsOwned")).toBe("Unknown TargetNotFound");
      put(["api.shop.example.com"]);
      await operator.settle();
      expect(status().conditions.get("Ready")).toBe("True Ready");
      expect(apis()).toMatchObject([{ name: "orders", hosts: ["api.shop.example.com"] }]);
      put(["other.example.com"]);
      await operator.settle();
      expect(status().conditions.get("Ready")).toBe("False HostNotOwned");
      store.routes.put("team-shop/orders", undefined);
      await operator.settle();
      expect(apis()).toEqual([]);
    });

    test("P30: opens a route's hosts only where an ApiDomain gives them, and as soon as it does", async () => {
      put(["api.shop.example.com"]);
      targets();
      await operator.settle();
      expect(status().conditions.get("Ready")).toBe("False HostNotOwned");
      expect(apis()).toMatchObject([{ hosts: ["api.shop.example.com"], paths: [] }]);
      domain(["*.shop.example.com"]);
      await operator.settle();
      expect(apis()).toMatchObject([{ paths: [{ type: "PathPrefix", value: "/" }] }]);
    });

    test("looks again each minute where Gateway API is not installed", async () => {
      store.routes.isServed = false;
      domain(["api.shop.example.com"]);
      targets();
      await operator.settle();
      expect(status().conditions.get("Ready")).toBe("False GatewayApiMissing");
      store.routes.isServed = true;
      put(["api.shop.example.com"]);
      await operator.settle();
      expect(status().conditions.get("Ready")).toBe("True Ready");
    });
  });

  const lifetimes: Record<string, [object, string]> = {
    suspended: [{ suspended: true }, "True Suspended"],
    expired: [{ expiresAt: "2025-12-31T00:00:00Z" }, "True Expired"],
    "not yet in force": [{ notBefore: "2026-02-01T00:00:00Z" }, "True NotYetInForce"],
  };
  test.each(Object.entries(lifetimes))(
    "that is %s is as was asked, and opens nothing",
    async (_, [more, ready]) => {
      domain(["api.shop.example.com"]);
      application();
      grant([{ name: "mobile" }], more);
      await operator.settle();
      expect(status().conditions.get("Ready")).toBe(ready);
      expect(applicationStatus()?.grants?.count).toBe(0);
    },
  );

  test("shows its end in the Application's status when the time comes", async () => {
    domain(["api.shop.example.com"]);
    application();
    grant([{ name: "mobile" }], { expiresAt: "2026-01-01T01:00:00Z" });
    await operator.settle();
    expect(applicationStatus()?.grants?.count).toBe(1);
    await operator.after(3_600_000);
    await operator.settle();
    expect(applicationStatus()?.grants?.count).toBe(0);
    expect(status().conditions.get("Ready")).toBe("True Expired");
  });

  test("that becomes invalid admits nobody", async () => {
    grant([{ name: "mobile" }]);
    await operator.settle();
    grant([{ name: "mobile", applicationId: "app-00000000" }]);
    await operator.settle();
    expect(status().conditions.get("Ready")).toBe("False Invalid");
    expect(store.projections.get("grant.team-shop.partners")?.document).toMatchObject({ suspended: true });
  });

  test("is gone only after every verifier has dropped it, and then is out of the Application's status", async () => {
    domain(["api.shop.example.com"]);
    application();
    grant([{ name: "mobile" }]);
    await operator.settle();
    store.delete("ApiGrant", "team-shop/partners");
    await operator.settle({ acknowledging: false });
    expect(store.grants.size).toBe(1);
    await operator.settle();
    expect(store.grants.size).toBe(0);
    expect(applicationStatus()?.grants).toEqual({ count: 0, items: [] });
  });

  test("P38: an Application that comes again under another's name is not meant by the id of its predecessor", async () => {
    application();
    await operator.settle();
    const { applicationId = "" } = applicationStatus() ?? {};
    grant([{ applicationId }]);
    await operator.settle();
    expect(status().applications?.bound).toBe(1);
    store.delete("Application", "team-shop/mobile");
    await operator.settle();
    application();
    await operator.settle();
    expect(status().applications).toMatchObject({ bound: 0, pending: 1 });
  });
});

describe("an ApiDomain", () => {
  test("leaves a host to the older one, says so, and gets it when that goes", async () => {
    store.now = "2025-01-01T00:00:00Z";
    domain(["api.shop.example.com"], { names: ["team-shop"] }, "older");
    store.now = "2026-01-01T00:00:00Z";
    domain(["api.shop.example.com", "b.example.com"], { names: ["team-other"] });
    await operator.settle();
    expect(domainCondition("Accepted", "older")).toBe("True Accepted");
    expect(domainCondition("Accepted")).toBe("False Conflicted");
    expect(domainCondition("Ready")).toBe("False Conflicted");
    store.delete("ApiDomain", "older");
    await operator.settle();
    expect(domainCondition("Ready")).toBe("True Ready");
  });

  test("that becomes invalid gives its hosts to nobody, and keeps them from the owner of a wider wildcard", async () => {
    domain(["*.example.com"], { names: ["team-shop"] }, "wide");
    domain(["api.shop.example.com"], { names: ["team-other"] });
    grant([{ name: "mobile" }]);
    await operator.settle();
    domain(["api.shop.example.com", "https://b.example.com"], { names: ["team-other"] });
    await operator.settle();
    expect(domainCondition("Accepted")).toBe("False Invalid");
    expect(store.projections.get("domain.shop")?.document).toMatchObject({
      hosts: ["api.shop.example.com"],
      namespaces: { kind: "names", names: [] },
    });
    expect(status().conditions.get("HostsOwned")).toBe("False HostNotOwned");
  });
});
