import { beforeEach, describe, expect, test } from "@jest/globals";
import type { MemoryStore } from "../../../support/memoryStore.ts";
import type { HandOperator } from "../../../support/operatorHarness.ts";
import { emptyStage, grantsOf } from "../../../support/teamShop.ts";

let store: MemoryStore;
let operator: HandOperator;

beforeEach(() => {
  ({ store, operator } = emptyStage());
});

const { grant, domain, status, domainCondition } = grantsOf(() => store);

describe("an ApiDomain", () => {
  test("leaves a host to the older one, reports that, and gets the host when the older one is deleted", async () => {
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

  test("publishes its replay protection", async () => {
    const spec = {
      hosts: ["api.shop.example.com"],
      namespaces: { names: ["team-shop"] },
      replayProtection: { mode: "Required", window: "30m" },
    };
    store.apply({ kind: "ApiDomain", name: "shop", spec });
    await operator.settle();
    expect(store.projections.get("domain.shop")?.document).toMatchObject({
      replayProtection: { mode: "Required", windowSeconds: 1_800 },
    });
  });

  test("that becomes invalid gives its hosts to no namespace, and keeps them from the owner of a wider wildcard", async () => {
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
