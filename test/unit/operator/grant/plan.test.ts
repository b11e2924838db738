import { beforeEach, describe, expect, test } from "@jest/globals";
import type { ApiGrant } from "../../../../src/api/apiGrant.ts";
import { readHttpRoute } from "../../../../src/api/httpRoute.ts";
import type { ApiGrantProjection } from "../../../../src/projection/documents.ts";
import type { MemoryStore } from "../../../support/memoryStore.ts";
import type { HandOperator } from "../../../support/operatorHarness.ts";
import { API, emptyStage, grantsOf } from "../../../support/teamShop.ts";

let store: MemoryStore;
let operator: HandOperator;

beforeEach(() => {
  ({ store, operator } = emptyStage());
});

const { grant, domain, application, status, applicationStatus } = grantsOf(() => store);

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

  test("with paths in the vendor's notation names those that do not match by whole segments, and is Ready", async () => {
    const withPaths = (...paths: readonly (readonly [string, string])[]) => ({
      apis: [{ ...API, paths: paths.map(([type, value]) => ({ type, value })) }],
    });
    const shown = () => {
      const { status: found } = store.grants.get("team-shop/partners") as ApiGrant;
      const condition = found?.conditions.find(({ type }) => type === "BroadPath");
      return condition && `${condition.status} ${condition.reason} ${condition.message}`;
    };
    domain(["*.shop.example.com"]);
    application();
    grant(
      [{ name: "mobile" }],
      withPaths(["TencentPath", "=/exact"], ["TencentPath", "/user/{id}"], ["TencentPath", "^~/user"]),
    );
    await operator.settle();
    expect(shown()).toBe(
      "True NotBySegments Not by whole segments: /user/{id} has variables that span segments, and also admits /user/a/b, ^~/user matches by characters, and also admits /user-x and /user-x/y. Write type Exact, Template or PathPrefix where callers need no more than that",
    );
    expect(status().conditions.get("Ready")).toBe("True Ready");
    grant([{ name: "mobile" }], withPaths(["TencentPath", "=/exact"], ["Template", "/user/{id}"]));
    await operator.settle();
    expect(shown()).toBeUndefined();
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

  test("P29: reveals nothing about a foreign id: missing and pinned elsewhere look the same", async () => {
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

  test("P29: is not written when a foreign Application that its pin excludes is created or deleted, so its version reveals nothing", async () => {
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

  describe("in Shadow mode", () => {
    const shadowing = () => [status().conditions.get("Shadowing"), status().conditions.get("Ready")];
    const projected = () =>
      store.projections.get("grant.team-shop.partners")?.document as ApiGrantProjection | undefined;
    const settled = async (more: object) => {
      grant([{ name: "mobile" }], more);
      await operator.settle();
      return shadowing();
    };
    beforeEach(() => {
      domain(["api.shop.example.com"]);
      application();
    });

    test("has the condition Shadowing, which Ready repeats, and a projection with the field", async () => {
      expect(await settled({ enforcement: "Shadow" })).toEqual(["True Shadowing", "True Shadowing"]);
      expect(projected()?.enforcement).toBe("Shadow");
      const { conditions } = store.grants.get("team-shop/partners")?.status ?? { conditions: [] };
      expect(conditions.find(({ type }) => type === "Shadowing")?.message).toContain(
        "enforcement to Enforce",
      );
    });

    test("loses the condition when it is enforced, which is the default", async () => {
      await settled({ enforcement: "Shadow" });
      expect(await settled({ enforcement: "Enforce" })).toEqual([undefined, "True Ready"]);
      expect(projected()?.enforcement).toBeUndefined();
      expect(await settled({})).toEqual([undefined, "True Ready"]);
    });

    test("does not shadow while it is suspended or expired", async () => {
      const suspended = { enforcement: "Shadow", suspended: true };
      expect(await settled(suspended)).toEqual(["False Suspended", "True Suspended"]);
      const expired = { enforcement: "Shadow", expiresAt: "2001-01-01T00:00:00Z" };
      expect(await settled(expired)).toEqual(["False Expired", "True Expired"]);
    });

    test("is not enforced before every verifier has it, silent ones too", async () => {
      await settled({ enforcement: "Shadow" });
      await settled({ enforcement: "Enforce" });
      expect(store.projections.get("grant.team-shop.partners")?.change).toBe("Removal");
    });
  });

  test("shows at most 50 Applications, and counts them all", async () => {
    for (let index = 0; index < 60; index++) application(`a${index}`, "team-shop", { tier: "internal" });
    grant([{ selector: { matchLabels: { tier: "internal" } } }, { name: "missing" }]);
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

  describe("for an environment that an ApiDomain may not have", () => {
    const environments = (...names: readonly string[]) => ({
      environments: names.map((name, at) => ({ name, pathPrefix: at === 0 ? "/" : `/${name}` })),
    });
    const domainWith = (host: string, names: readonly string[], name = "shop", owner = "team-shop") =>
      store.apply({
        kind: "ApiDomain",
        name,
        spec: { hosts: [host], namespaces: { names: [owner] }, ...environments(...names) },
      });
    const stagingOn = (...hosts: readonly string[]) =>
      grant([{ name: "mobile" }], { environment: "staging", apis: [{ ...API, hosts }] });
    const messageOf = (type: string) =>
      (store.grants.get("team-shop/partners") as ApiGrant).status?.conditions.find((one) => one.type === type)
        ?.message;

    test("reports that it is missing, which there are, and what to do, and recovers when the ApiDomain gets it", async () => {
      application();
      domainWith("api.shop.example.com", ["release", "test"]);
      stagingOn("api.shop.example.com");
      await operator.settle();
      expect(status().conditions.get("ResolvedRefs")).toBe("False EnvironmentNotFound");
      expect(status().conditions.get("Ready")).toBe("False EnvironmentNotFound");
      expect(status().conditions.get("HostsOwned")).toBe("True HostsOwned");
      expect(messageOf("Ready")).toMatch(
        /^No ApiDomain has environment staging on api\.shop\.example\.com \(which has release, test\): .*create an ApiGrant for an environment that exists/,
      );
      expect(applicationStatus()?.grants?.count).toBe(0);
      domainWith("api.shop.example.com", ["release", "test", "staging"]);
      await operator.settle();
      expect(status().conditions.get("Ready")).toBe("True Ready");
      expect(applicationStatus()?.grants?.count).toBe(1);
      domainWith("api.shop.example.com", ["release"]);
      await operator.settle();
      expect(status().conditions.get("Ready")).toBe("False EnvironmentNotFound");
      expect(applicationStatus()?.grants?.count).toBe(0);
    });

    test("names the hosts without it where others have it, and keeps its effect there", async () => {
      application();
      domainWith("a.example.com", ["release", "staging"], "a");
      domainWith("b.example.com", ["release"], "b");
      stagingOn("a.example.com", "b.example.com");
      await operator.settle();
      expect(status().conditions.get("Ready")).toBe("False EnvironmentNotFound");
      expect(messageOf("Ready")).toContain(
        "on b.example.com (which has release): the grant has no effect there",
      );
      expect(messageOf("Ready")).not.toContain("a.example.com");
      expect(applicationStatus()?.grants?.count).toBe(1);
    });

    test("is content when an ApiDomain under its wildcard has it", async () => {
      application();
      domainWith("*.example.com", ["release"], "wide");
      domainWith("a.example.com", ["release", "staging"], "a");
      stagingOn("*.example.com");
      await operator.settle();
      expect(status().conditions.get("Ready")).toBe("True Ready");
      expect(applicationStatus()?.grants?.count).toBe(1);
      store.delete("ApiDomain", "a");
      await operator.settle();
      expect(status().conditions.get("Ready")).toBe("False EnvironmentNotFound");
      expect(applicationStatus()?.grants?.count).toBe(0);
    });

    test("P29: reveals nothing about the environments of a host that belongs to another namespace", async () => {
      domainWith("*.example.com", ["release"], "ours");
      domainWith("api.example.com", ["secret-launch"], "theirs", "team-other");
      stagingOn("*.example.com", "api.example.com");
      await operator.settle();
      expect(status().conditions.get("HostsOwned")).toBe("False HostNotOwned");
      expect(messageOf("ResolvedRefs")).toContain("on *.example.com (which has release):");
      expect(JSON.stringify(store.grants.get("team-shop/partners")?.status)).not.toContain("secret-launch");
    });

    test("reports it once per host of its HTTPRoutes, not once per path", async () => {
      const targetRefs = [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: "orders" }];
      const meta = { name: "orders", namespace: "team-shop", uid: "r", resourceVersion: "1" };
      const route = { hostnames: ["a.example.com"], rules: [{ matches: [{ path: { value: "/orders" } }] }] };
      store.routes.put("team-shop/orders", readHttpRoute({ ...meta, creationTimestamp: "" }, route));
      domainWith("a.example.com", ["release"], "a");
      grant([{ name: "mobile" }], { environment: "staging", apis: [{ name: "orders" }], targetRefs });
      await operator.settle();
      expect(messageOf("Ready")).toMatch(/^No ApiDomain has environment staging on a\.example\.com/);
      expect(messageOf("Ready")).not.toContain("is not in environment");
      domainWith("a.example.com", ["release", "staging"], "a");
      await operator.settle();
      expect(status().conditions.get("Ready")).toBe("False PathOutsideEnvironment");
    });
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

  test("reminds of its end a week before by a condition and one Event, and no longer when the end has passed", async () => {
    domain(["api.shop.example.com"]);
    grant([{ name: "mobile" }], { expiresAt: "2026-01-09T00:00:00Z" });
    await operator.settle();
    expect(status().conditions.get("Expiring")).toBeUndefined();
    expect(operator.nextLook("ApiGrant/team-shop/partners")).toBe(Date.parse("2026-01-02T00:00:00Z"));
    await operator.after(24 * 3_600_000);
    await operator.settle();
    expect(status().conditions.get("Expiring")).toBe("True ExpiresSoon");
    expect(status().conditions.get("Ready")).toBe("True Ready");
    await operator.after(7 * 24 * 3_600_000);
    await operator.settle();
    expect(status().conditions.get("Expiring")).toBeUndefined();
    const reminders = store.events.filter(({ reason }) => reason === "ExpiresSoon");
    expect(reminders.map(({ type, message }) => [type, message])).toEqual([
      ["Warning", expect.stringContaining("From 2026-01-09T00:00:00Z on its requests are denied with 403")],
    ]);
  });

  test("that becomes invalid allows no request", async () => {
    grant([{ name: "mobile" }]);
    await operator.settle();
    grant([{ name: "mobile", applicationId: "app-00000000" }]);
    await operator.settle();
    expect(status().conditions.get("Ready")).toBe("False Invalid");
    expect(store.projections.get("grant.team-shop.partners")?.document).toMatchObject({ suspended: true });
  });

  describe("that was stored before patterns in paths were refused", () => {
    const path = (value: string) => ({ type: "PathPrefix", value });
    const stored = (...values: readonly string[]) =>
      grant([{ name: "mobile" }], { apis: [{ ...API, paths: values.map(path) }] });
    const projected = () =>
      store.projections.get("grant.team-shop.partners")?.document as ApiGrantProjection | undefined;

    test("reports it, and grants what it granted before, until it is edited", async () => {
      domain(["api.shop.example.com"]);
      application();
      stored("/orders", "/orders/*");
      await operator.settle();
      expect(status().conditions.get("Accepted")).toBe("False PatternNotSupported");
      expect(status().conditions.get("Ready")).toBe("False PatternNotSupported");
      expect(status().conditions.get("Stalled")).toBe("True PatternNotSupported");
      expect(status().conditions.get("Programmed")).toBe("True Programmed");
      const message = store.grants.get("team-shop/partners")?.status?.conditions[0]?.message;
      expect(message).toMatch(
        /^spec\.apis\[0\]\.paths\[1\]\.value: a path has no wildcards: type PathPrefix with \/orders covers/,
      );
      expect(projected()).toMatchObject({
        suspended: false,
        apis: [{ paths: [path("/orders"), path("/orders/*")] }],
      });
      expect(applicationStatus()?.grants?.count).toBe(1);
      stored("/orders");
      await operator.settle();
      expect(status().conditions.get("Ready")).toBe("True Ready");
      expect(status().conditions.get("Stalled")).toBeUndefined();
    });

    test("allows no request when something else is wrong with it too", async () => {
      domain(["api.shop.example.com"]);
      stored("/orders");
      await operator.settle();
      stored("/orders/*", "/a//b");
      await operator.settle();
      expect(status().conditions.get("Ready")).toBe("False Invalid");
      expect(projected()).toMatchObject({ suspended: true, apis: [{ paths: [path("/orders")] }] });
    });
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

  test("P38: the id of a deleted Application does not select the Application recreated under its name", async () => {
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
