import { describe, expect, test } from "@jest/globals";
import type { Projection } from "../../../src/projection/documents.ts";
import { type Asked, ask, verdict, WORLD } from "../../support/decisions.ts";
import { application, domain, grant, key } from "../../support/documents.ts";

describe("a request is decided", () => {
  const other = application({
    uid: "u2",
    name: "other",
    applicationId: "app-other000",
    keys: [key({ apiAppKey: "APIDother" })],
  });
  const rooted = grant({
    name: "all",
    apis: [
      {
        name: "all",
        hosts: ["api.shop.example.com"],
        paths: [{ type: "PathPrefix", value: "/" }],
        methods: [],
      },
    ],
  });
  const admin = grant({
    name: "admin",
    apis: [
      {
        name: "admin",
        hosts: ["api.shop.example.com"],
        paths: [{ type: "PathPrefix", value: "/admin" }],
        methods: ["GET"],
      },
    ],
    applications: [{ kind: "name", name: "other" }],
  });
  const accented = (name: string) =>
    grant({
      name: "accented",
      apis: [
        {
          name: "accented",
          hosts: ["api.shop.example.com"],
          paths: [{ type: "PathPrefix", value: "/caf%C3%A9" }],
          methods: [],
        },
      ],
      applications: [{ kind: "name", name }],
    });
  const tencent = (name: string, ...values: readonly string[]) =>
    grant({
      name: values[0] ?? "",
      apis: [
        {
          name: "vendor",
          hosts: ["api.shop.example.com"],
          paths: values.map((value) => ({ type: "TencentPath", value }) as const),
          methods: [],
        },
      ],
      applications: [{ kind: "name", name }],
    });
  const alike = Array.from({ length: 200 }, (_, at) => `/{x}${at}${"y".repeat(20)}{z}`);
  const cases: Record<string, [readonly Projection[], Asked, string]> = {
    "P3: alike for a host in upper case": [WORLD, { host: "API.Shop.example.com" }, "allow"],
    "P3: alike for a host with a port": [WORLD, { host: "api.shop.example.com:8443" }, "allow"],
    "P3: alike for a host with a dot at its end": [WORLD, { host: "api.shop.example.com." }, "allow"],
    "P4: as no API when the host is two": [
      WORLD,
      { host: "api.shop.example.com,evil.example.com" },
      "NoApiMatch",
    ],
    "P4: as no API when the host has a user": [WORLD, { host: "x@api.shop.example.com" }, "NoApiMatch"],
    "P4: as a mismatch when the proxy's context names another API": [
      WORLD,
      { context: { api: "team-shop/refunds" } },
      "ContextMismatch",
    ],
    "P4: as a mismatch when the proxy's context names another environment": [
      WORLD,
      { context: { environment: "test" } },
      "ContextMismatch",
    ],
    "as allowed when the proxy's context agrees": [
      WORLD,
      { context: { api: "team-shop/orders", environment: "release" } },
      "allow",
    ],
    "P12: as no API in an environment without a grant": [
      WORLD,
      { path: "/test/orders", prefix: "/test" },
      "NoApiMatch",
    ],
    "P12: as no API in another environment when the prefix was signed too, as some clients do": [
      WORLD,
      { path: "/test/orders", prefix: "" },
      "NoApiMatch",
    ],
    "as allowed in the environment that is granted": [
      [application(), grant({ environment: "test" }), domain()],
      { path: "/test/orders", prefix: "/test" },
      "allow",
    ],
    "as no API under a prefix that is not an environment of the host": [
      [application(), grant(), domain({ environments: [{ name: "release", pathPrefix: "/release" }] })],
      { path: "/orders" },
      "NoApiMatch",
    ],
    "by whole segments: /testing is not in the environment of /test": [
      WORLD,
      { path: "/testing" },
      "NoApiMatch",
    ],
    "by whole segments: /ordersx is not under /orders": [WORLD, { path: "/ordersx" }, "NoApiMatch"],
    "as allowed below the prefix": [WORLD, { path: "/orders/1/items" }, "allow"],
    "as no API for a method that is not the API's": [
      [application(), grant({ apis: [{ ...grant().apis[0], methods: ["POST"] } as never] }), domain()],
      {},
      "NoApiMatch",
    ],
    "P41: as suspended": [[application({ suspended: true }), grant(), domain()], {}, "ApplicationSuspended"],
    "P41: as expired at that instant": [
      [application({ expiresAt: "2026-11-24T09:00:00Z" }), grant(), domain()],
      {},
      "ApplicationExpired",
    ],
    "P41: as allowed a millisecond before it expires": [
      [application({ expiresAt: "2026-11-24T09:00:00.001Z" }), grant(), domain()],
      {},
      "allow",
    ],
    "P41: as not granted when the grant is suspended": [
      [application(), grant({ suspended: true }), domain()],
      {},
      "ApiNotGranted",
    ],
    "P41: as not granted when the grant has expired": [
      [application(), grant({ expiresAt: "2026-11-24T09:00:00Z" }), domain()],
      {},
      "ApiNotGranted",
    ],
    "P41: as not granted before the grant begins": [
      [application(), grant({ notBefore: "2026-11-24T09:00:01Z" }), domain()],
      {},
      "ApiNotGranted",
    ],
    "as not granted to an Application that no grant names": [
      [application(), other, grant({ applications: [{ kind: "name", name: "other" }] }), domain()],
      {},
      "ApiNotGranted",
    ],
    "as bound to no Application when all that a grant names is missing": [
      [application(), grant({ applications: [{ kind: "name", name: "gone" }] }), domain()],
      {},
      "NoApplicationBound",
    ],
    "as no API without an ApiDomain": [[application(), grant()], {}, "NoApiMatch"],
    "P30: as no API when the grant's namespace does not own the host": [
      [application(), grant(), domain({ namespaces: { kind: "names", names: ["other"] } })],
      {},
      "NoApiMatch",
    ],
    "by the namespace's labels when the domain selects": [
      [
        application(),
        grant({ namespaceLabels: { team: "shop" } }),
        domain({ namespaces: { kind: "selector", selector: { matchLabels: { team: "shop" } } } }),
      ],
      {},
      "allow",
    ],
    "by selector within the namespace": [
      [
        application({ labels: { tier: "internal" } }),
        grant({ applications: [{ kind: "selector", selector: { matchLabels: { tier: "internal" } } }] }),
        domain(),
      ],
      {},
      "allow",
    ],
    "P38: not by a selector of another namespace": [
      [
        application({ namespace: "elsewhere", labels: { tier: "internal" } }),
        grant({ applications: [{ kind: "selector", selector: { matchLabels: { tier: "internal" } } }] }),
        domain(),
      ],
      {},
      "ApiNotGranted",
    ],
    "P38: not by a name of another namespace": [
      [application({ namespace: "elsewhere" }), grant(), domain()],
      {},
      "NoApplicationBound",
    ],
    "by id for a partner of any namespace": [
      [
        application({ namespace: "elsewhere" }),
        grant({ applications: [{ kind: "id", applicationId: "app-mobile00" }] }),
        domain(),
      ],
      {},
      "allow",
    ],
    "by id only in the pinned namespace": [
      [
        application({ namespace: "elsewhere" }),
        grant({ applications: [{ kind: "id", applicationId: "app-mobile00", namespace: "partner" }] }),
        domain(),
      ],
      {},
      "ApiNotGranted",
    ],
    "as allowed at / and below it by a grant of /": [
      [application(), rooted, domain()],
      { path: "/admin" },
      "allow",
    ],
    "as not granted at /admin by a grant of / once another grant names it": [
      [application(), other, rooted, admin, domain()],
      { path: "/admin" },
      "ApiNotGranted",
    ],
    "P1: as unsafe at /%61dmin, which an upstream may read as /admin": [
      [application(), rooted, admin, domain()],
      { path: "/%61dmin" },
      "UnsafePath",
    ],
    "P1: as unsafe at /%74est/orders, which an upstream may read as another environment": [
      [application(), rooted, domain()],
      { path: "/%74est/orders" },
      "UnsafePath",
    ],
    "as allowed with escapes under which every reading is the same API": [
      [application(), rooted, admin, domain()],
      { path: "/orders/a%40b%E4%BD%A0%7e%20" },
      "allow",
    ],
    "as allowed at a path beyond ASCII": [
      [application(), accented("mobile-app"), domain()],
      { path: "/caf%C3%A9/7" },
      "allow",
    ],
    "as allowed at a path beyond ASCII with hex digits in lower case": [
      [application(), accented("mobile-app"), domain()],
      { path: "/caf%c3%a9" },
      "allow",
    ],
    "P1: as not granted at a path beyond ASCII by a grant of /, in whichever case": [
      [application(), other, rooted, accented("other"), domain()],
      { path: "/caf%C3%a9" },
      "ApiNotGranted",
    ],
    "P1: as unsafe at a path beyond ASCII that arrives as raw bytes": [
      [application(), rooted, accented("mobile-app"), domain()],
      { path: "/caf\xc3\xa9" },
      "UnsafePath",
    ],
    "as allowed below a plain prefix in the vendor's notation, by characters": [
      [application(), tencent("mobile-app", "/adm"), domain()],
      { path: "/admin/7" },
      "allow",
    ],
    "as not granted where a marked prefix of another grant wins over variables": [
      [application(), other, tencent("mobile-app", "/admin/{id}"), tencent("other", "^~/adm"), domain()],
      { path: "/admin/7" },
      "ApiNotGranted",
    ],
    "P1: as unsafe at an escape under which an exact path of another grant would win": [
      [application(), other, tencent("mobile-app", "/{x}"), tencent("other", "=/admin"), domain()],
      { path: "/%61dmin" },
      "UnsafePath",
    ],
    "P1: as unsafe where variables match only the spelling with the escape": [
      [application(), rooted, tencent("mobile-app", "/{x}%7E"), domain()],
      { path: "/a%7E" },
      "UnsafePath",
    ],
    "in the environment whose prefix the path has, without that prefix": [
      [application(), tencent("mobile-app", "/{x}"), domain()],
      { path: "/test/orders" },
      "NoApiMatch",
    ],
    "P33: as unsafe where comparing the path with the granted ones takes too many steps": [
      [application(), rooted, tencent("mobile-app", ...alike), domain()],
      { path: `/${"y".repeat(8_000)}` },
      "UnsafePath",
    ],
    "as no API at /admin by another method: the path wins before methods": [
      [application(), other, rooted, admin, domain()],
      { path: "/admin", method: "POST" },
      "NoApiMatch",
    ],
    "as not granted at /admin while the grant that names it is suspended": [
      [application(), other, rooted, { ...admin, suspended: true }, domain()],
      { path: "/admin" },
      "ApiNotGranted",
    ],
    "as allowed at /admin when the other grant is being deleted": [
      [application(), other, rooted, { ...admin, tombstone: true }, domain()],
      { path: "/admin" },
      "allow",
    ],
    "P30: as allowed at /admin when the other grant's namespace does not own the host": [
      [application(), other, rooted, { ...admin, namespace: "squatter" }, domain()],
      { path: "/admin" },
      "allow",
    ],
    "as allowed by a wildcard grant on a host of its namespace": [
      [application(), grant({ apis: [{ ...grant().apis[0], hosts: ["*.example.com"] } as never] }), domain()],
      {},
      "allow",
    ],
    "P30: as no API by a wildcard grant where a more specific domain gives the host to others": [
      [
        application(),
        grant({ apis: [{ ...grant().apis[0], hosts: ["*.shop.example.com"] } as never] }),
        domain({ hosts: ["*.shop.example.com"] }),
        domain({
          name: "pay",
          hosts: ["pay.shop.example.com"],
          namespaces: { kind: "names", names: ["team-pay"] },
        }),
      ],
      { host: "pay.shop.example.com" },
      "NoApiMatch",
    ],
    "P30: by the older of two domains with one host": [
      [
        application(),
        grant(),
        domain({
          name: "late",
          createdAt: "2026-02-01T00:00:00Z",
          namespaces: { kind: "names", names: ["squatter"] },
        }),
        domain(),
      ],
      {},
      "allow",
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [world, asked, expected]) => {
    expect(verdict(ask(world, asked))).toBe(expected);
  });
});
