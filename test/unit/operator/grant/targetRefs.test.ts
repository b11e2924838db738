import { beforeEach, describe, expect, test } from "@jest/globals";
import { readHttpRoute } from "../../../../src/api/httpRoute.ts";
import type { ApiGrantProjection } from "../../../../src/projection/documents.ts";
import type { MemoryStore } from "../../../support/memoryStore.ts";
import type { HandOperator } from "../../../support/operatorHarness.ts";
import { emptyStage, grantsOf } from "../../../support/teamShop.ts";

let store: MemoryStore;
let operator: HandOperator;

beforeEach(() => {
  ({ store, operator } = emptyStage());
});

const { grant, domain, status } = grantsOf(() => store);

describe("a grant with targetRefs", () => {
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
