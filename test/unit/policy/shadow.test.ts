import { describe, expect, test } from "@jest/globals";
import type { ApiGrantProjection, GrantedPath } from "../../../src/projection/documents.ts";
import { type Asked, ask, indexOf, NOW } from "../../support/decisions.ts";
import { application, domain, grant, stored } from "../../support/documents.ts";

const HOST = "api.shop.example.com";
const OTHERS = [{ kind: "name" as const, name: "other-app" }];

type Path = string | GrantedPath;

function named(name: string, path: Path, change: Partial<ApiGrantProjection> = {}): ApiGrantProjection {
  const one = typeof path === "string" ? { type: "PathPrefix" as const, value: path } : path;
  return grant({ name, apis: [{ name, hosts: [HOST], paths: [one], methods: [] }], ...change });
}

const exact = (value: string): GrantedPath => ({ type: "Exact", value });
const enforced = (path: Path, change?: Partial<ApiGrantProjection>) => named("enforced", path, change);
const shadow = (path: Path, change?: Partial<ApiGrantProjection>) =>
  named("shadow", path, { enforcement: "Shadow", ...change });

/** The enforcement of a decision and its code. */
function decided(grants: readonly ApiGrantProjection[], asked: Asked = {}): string {
  const { enforcement, code } = ask([application(), ...grants, domain()], asked);
  return `${enforcement} ${code}`;
}

describe("a request for a path that only a Shadow grant names is shadowed", () => {
  const verdicts: Record<string, readonly [Asked, string]> = {
    "if it is signed and granted": [{}, "Allowed"],
    "if it is not signed": [{ unsigned: true }, "AuthorizationMissing"],
    "if its signature is wrong": [{ secret: "wrong-wrong-wrong" }, "SignatureMismatch"],
    "if its key is unknown": [{ keyId: "APIDnone" }, "KeyUnknown"],
    "if its date is out of the window": [{ now: NOW + 3_600_000 }, "DateOutOfWindow"],
    "if its host is spelled in another way": [{ host: "API.shop.example.com.:443" }, "Allowed"],
    "if the proxy's route names the same API": [
      { context: { api: "team-shop/shadow", environment: "release" } },
      "Allowed",
    ],
  };
  test.each(Object.entries(verdicts))("%s", (_, [asked, code]) => {
    expect(decided([shadow("/orders")], asked)).toBe(`Shadow ${code}`);
  });

  test("if the grant does not name its Application", () => {
    const grants = [shadow("/orders", { applications: OTHERS })];
    expect(decided(grants)).toBe("Shadow NoApplicationBound");
  });

  test("if the grant does not have its method", () => {
    const apis = shadow("/orders").apis.map((one) => ({ ...one, methods: ["POST"] }));
    expect(decided([shadow("/orders", { apis })])).toBe("Shadow NoApiMatch");
  });

  test("if an upstream may read its path as another Shadow API", () => {
    const grants = [shadow("/"), named("admin", exact("/admin"), { enforcement: "Shadow" })];
    expect(decided(grants, { path: "/%61dmin" })).toBe("Shadow UnsafePath");
  });

  test("if one of several Shadow grants of the path is in force", () => {
    const grants = [shadow("/orders", { name: "first", suspended: true }), shadow("/orders")];
    expect(decided(grants, { unsigned: true })).toBe("Shadow AuthorizationMissing");
  });
});

describe("a request is enforced", () => {
  const unsafe = ["//orders", "/orders/../x", "/orders;a", "/orders%2fx", "/orders#", "orders", ""];
  test.each(unsafe)("if its path can be understood in two ways, as %j", (path) => {
    expect(decided([shadow("/")], { path, unsigned: true })).toBe("Enforce UnsafePath");
  });

  const elsewhere: Record<string, Asked> = {
    "a host that no ApiDomain has": { host: "other.example.com" },
    "no single host": { host: `${HOST},other.example.com` },
    "another environment": { path: "/test/orders" },
    "a path that no grant names": { path: "/refunds" },
    "a route for another API": { context: { api: "team-shop/refunds" } },
    "a route for another environment": { context: { environment: "test" } },
  };
  test.each(Object.entries(elsewhere))("for %s, signed or not", (_, asked) => {
    expect(decided([shadow("/orders")], { ...asked, unsigned: true })).toBe("Enforce AuthorizationMissing");
    expect(decided([shadow("/orders")], asked)).toBe("Enforce NoApiMatch");
  });

  const without: Record<string, Partial<ApiGrantProjection>> = {
    suspended: { suspended: true },
    expired: { expiresAt: "2026-11-24T09:00:00Z" },
    "not yet in force": { notBefore: "2026-11-24T09:00:01Z" },
    "of a namespace that does not own the host": { namespace: "team-other", namespaceLabels: {} },
  };
  test.each(Object.entries(without))("if the Shadow grant is %s", (_, change) => {
    expect(decided([shadow("/orders", change)], { unsigned: true })).toBe("Enforce AuthorizationMissing");
    expect(decided([shadow("/orders", change)])).toBe("Enforce NoApiMatch");
  });

  test("if the most specific Shadow grant is suspended, although a wider one is in force", () => {
    const grants = [shadow("/"), named("admin", exact("/admin"), { enforcement: "Shadow", suspended: true })];
    expect(decided(grants, { path: "/admin", unsigned: true })).toBe("Enforce AuthorizationMissing");
    expect(decided(grants, { path: "/other", unsigned: true })).toBe("Shadow AuthorizationMissing");
  });
});

test("a request is enforced if its path takes too many steps to find out which Enforce grant names it", () => {
  const paths = Array.from(
    { length: 10_000 },
    (_, at): GrantedPath => ({ type: "TencentPath", value: `/{x}${String(at).padStart(5, "0")}{y}` }),
  );
  const enforcing = enforced("/", { apis: [{ name: "enforced", hosts: [HOST], paths, methods: [] }] });
  const index = indexOf([
    application(),
    enforcing,
    shadow(exact(`/${"a".repeat(8_000)}`)),
    shadow("/"),
    domain(),
  ]);
  const asked = (length: number) =>
    ask(index, { path: `/${"a".repeat(length)}`, unsigned: true }).enforcement;
  expect([asked(8_000), asked(8_191), asked(20)]).toEqual(["Enforce", "Enforce", "Shadow"]);
});

describe("while a projection cannot be read", () => {
  const decidedWith = (name: string) => {
    const index = indexOf([application(), shadow("/orders"), domain()]);
    index.upsert({ name, resourceVersion: "2", document: undefined });
    return ask(index, { unsigned: true }).enforcement;
  };

  test.each(["grant.team-shop.refunds", "domain.other"])("such as %s, nothing is shadowed", (name) => {
    expect(decidedWith(name)).toBe("Enforce");
  });

  test("until it can be read or is deleted", () => {
    const index = indexOf([application(), shadow("/orders"), domain()]);
    const enforcement = () => ask(index, { unsigned: true }).enforcement;
    const { name } = stored(named("refunds", "/refunds"));
    index.upsert({ name, resourceVersion: "2", document: undefined });
    index.upsert(stored(named("refunds", "/refunds"), 3));
    expect(enforcement()).toBe("Shadow");
    index.upsert({ name, resourceVersion: "4", document: undefined });
    expect(enforcement()).toBe("Enforce");
    index.remove(name, "5");
    expect(enforcement()).toBe("Shadow");
  });

  test("of an Application, requests are shadowed: an Application names no path", () => {
    expect(decidedWith("application.team-shop.other")).toBe("Shadow");
  });
});

describe("a Shadow grant beside an Enforce grant changes nothing", () => {
  const others = enforced("/", { applications: OTHERS });
  test("of a path that the Enforce grant names, however specific the Shadow grant is", () => {
    for (const path of [exact("/admin"), "/admin", "/", { type: "Template", value: "/{x}" } as const]) {
      expect(decided([others, shadow(path)], { path: "/admin", unsigned: true })).toBe(
        "Enforce AuthorizationMissing",
      );
      expect(decided([others, shadow(path)], { path: "/admin" })).toBe("Enforce NoApplicationBound");
    }
  });

  test("of a method that the Enforce grant does not have", () => {
    const apis = enforced("/orders").apis.map((one) => ({ ...one, methods: ["GET"] }));
    const grants = [enforced("/orders", { apis }), shadow("/orders")];
    expect(decided(grants, { method: "GET" })).toBe("Enforce Allowed");
    expect(decided(grants, { method: "POST" })).toBe("Enforce NoApiMatch");
  });

  test("of a caller that only the Enforce grant names", () => {
    const grants = [enforced("/"), shadow(exact("/admin"), { applications: OTHERS })];
    expect(decided(grants, { path: "/admin" })).toBe("Enforce Allowed");
  });

  test("of a path that the Enforce grant names although it is suspended", () => {
    const grants = [enforced("/orders", { suspended: true }), shadow("/orders")];
    expect(decided(grants, { unsigned: true })).toBe("Enforce AuthorizationMissing");
  });

  test("of a path that an upstream may read as one that the Enforce grant names", () => {
    const grants = [enforced(exact("/admin")), shadow("/")];
    expect(decided(grants, { path: "/%61dmin", unsigned: true })).toBe("Enforce AuthorizationMissing");
    expect(decided(grants, { path: "/%62dmin", unsigned: true })).toBe("Shadow AuthorizationMissing");
  });

  test("and a longer path of the Enforce grant is enforced within the Shadow grant's", () => {
    const grants = [enforced("/orders/admin", { applications: OTHERS }), shadow("/orders")];
    expect(decided(grants, { path: "/orders/admin/x" })).toBe("Enforce NoApplicationBound");
    expect(decided(grants, { path: "/orders/x" })).toBe("Shadow Allowed");
  });
});
