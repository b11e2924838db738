import { describe, expect, test } from "@jest/globals";
import { Secret } from "../../../../src/api/secret.ts";
import { changeOf } from "../../../../src/policy/change/change.ts";
import type { ApiGrantProjection, Projection } from "../../../../src/projection/documents.ts";
import { application, domain, grant, key, settings } from "../../../support/documents.ts";

const now = Date.parse("2026-01-02T00:00:00Z");
const times = { now, horizon: now + 3_600_000 };
const SOON = "2026-01-02T00:30:00Z";
const LATER = "2026-01-02T02:00:00Z";
const MUCH_LATER = "2026-01-03T00:00:00Z";

type Case = readonly [before: Projection | undefined, after: Projection];

const signing = (change: object) => application({ schemes: { Tencent: settings(change) } });
const api = (
  name: string,
  value: string,
  methods: readonly string[] = [],
  hosts = ["api.shop.example.com"],
) => ({
  name,
  hosts,
  paths: [{ type: "PathPrefix" as const, value }],
  methods,
});
const apis = (...list: ApiGrantProjection["apis"]) => grant({ apis: list });
const ends = (retiresAt: string | undefined) =>
  application({ keys: [key({ state: "Retiring", ...(retiresAt === undefined ? {} : { retiresAt }) })] });
const withPublicKey = (expiresAt?: string, publicKey = "PEM") =>
  application({
    publicKeys: [{ keyId: "k", algorithm: "ed25519", publicKey, ...(expiresAt ? { expiresAt } : {}) }],
  });
const names = (...list: readonly string[]) =>
  grant({ applications: list.map((name) => ({ kind: "name" as const, name })) });
const id = (namespace?: string) =>
  grant({ applications: [{ kind: "id", applicationId: "app-a", ...(namespace ? { namespace } : {}) }] });
const owners = (...list: readonly string[]) => domain({ namespaces: { kind: "names", names: list } });

const protecting = (mode: "WhenSent" | "Required") => application({ replayProtection: { mode } });

const additions: Record<string, Case> = {
  "a new Application": [undefined, application()],
  "the same document": [application(), application()],
  "a further key": [
    application(),
    application({ keys: [key(), key({ apiAppKey: "APIDnext", state: "Pending" })] }),
  ],
  "a key that changes its state": [application(), application({ keys: [key({ state: "Retiring" })] })],
  "a key that has retired and goes from the record": [
    ends("2026-01-01T12:00:00Z"),
    application({ keys: [] }),
  ],
  "an end of a key beyond the horizon": [ends(undefined), ends(LATER)],
  "an end of a key that moves away": [ends(SOON), ends(LATER)],
  "an Application resumed": [application({ suspended: true }), application()],
  "a suspended Application with an end": [application({ suspended: true }), application({ suspended: true })],
  "an expiry that is removed": [application({ expiresAt: SOON }), application()],
  "an expiry brought forward to beyond the horizon": [
    application({ expiresAt: MUCH_LATER }),
    application({ expiresAt: LATER }),
  ],
  "a public key": [application(), withPublicKey()],
  "a public key that has expired and goes": [withPublicKey("2026-01-01T12:00:00Z"), application()],
  "an end of a public key that moves away": [withPublicKey(SOON), withPublicKey()],
  "a further algorithm": [signing({ algorithms: ["hmac-sha256"] }), application()],
  "a wider clock skew": [signing({ clockSkewSeconds: 60 }), application()],
  "parameters that become Either": [application(), signing({ parameters: "Either" })],
  "a further scheme": [
    application(),
    application({ schemes: { Tencent: settings(), AlibabaCA: settings() } }),
  ],
  "an open variant": [application(), signing({ openVariants: ["FormNotSigned"] })],
  "a new grant": [undefined, grant()],
  "a further API of a grant": [apis(api("a", "/a")), apis(api("a", "/a"), api("b", "/b", ["GET"]))],
  "a further path below another, with the same methods": [
    apis(api("a", "/a", ["GET"])),
    apis(api("a", "/a", ["GET"]), api("b", "/a/b", ["GET", "POST"])),
  ],
  "a further path in the vendor's notation, with the same methods": [
    apis(api("a", "/a", ["GET"])),
    apis(api("a", "/a", ["GET"]), {
      ...api("b", "/a", ["GET"]),
      paths: [{ type: "TencentPath", value: "/{x}" }],
    }),
  ],
  "a further host of an API": [
    apis(api("a", "/a")),
    apis(api("a", "/a", [], ["api.shop.example.com", "*.shop.example.com"])),
  ],
  "further methods": [apis(api("a", "/a", ["GET"])), apis(api("a", "/a", ["GET", "POST"]))],
  "all methods": [apis(api("a", "/a", ["GET"])), apis(api("a", "/a"))],
  "a further application of a grant": [names("a"), names("a", "b")],
  "a partner's namespace that is no longer pinned": [id("team-a"), id()],
  "a notBefore that is removed": [grant({ notBefore: LATER }), grant()],
  "a notBefore that is brought forward": [grant({ notBefore: LATER }), grant({ notBefore: SOON })],
  "a plan that changes": [grant({ plan: "gold" }), grant({ plan: "bronze" })],
  "a further host of a domain": [domain(), domain({ hosts: ["api.shop.example.com", "b.example.com"] })],
  "a further namespace of a domain": [owners("a"), owners("a", "b")],
  "replay protection of an Application that is turned off": [protecting("Required"), application()],
  "replay protection of a domain that is turned off": [
    domain({ replayProtection: { mode: "WhenSent" } }),
    domain(),
  ],
  "replay protection that stays as it was": [protecting("Required"), protecting("Required")],
  "what comes after a tombstone": [grant({ tombstone: true }), grant({ uid: "another" })],
};

const removals: Record<string, Case> = {
  "a public key that goes": [withPublicKey(), application()],
  "a public key with another text": [withPublicKey(), withPublicKey(undefined, "other PEM")],
  "an end of a public key before the horizon": [withPublicKey(), withPublicKey(SOON)],
  "replay protection of an Application that is turned on": [application(), protecting("WhenSent")],
  "replay protection that becomes stricter": [protecting("WhenSent"), protecting("Required")],
  "replay protection with a longer window": [
    protecting("WhenSent"),
    application({ replayProtection: { mode: "WhenSent", windowSeconds: 3_600 } }),
  ],
  "replay protection of a domain that is turned on": [
    domain(),
    domain({ replayProtection: { mode: "WhenSent" } }),
  ],
  "a scheme that is no longer allowed": [
    application({ schemes: { Tencent: settings(), AlibabaCA: settings() } }),
    application({ schemes: { AlibabaCA: settings() } }),
  ],
  "a tombstone": [application(), application({ tombstone: true })],
  "a namesake with another UID": [application(), application({ uid: "another" })],
  "another time of creation, which decides between equals": [
    application(),
    application({ createdAt: "2026-01-01T00:00:01Z" }),
  ],
  "a key that is missing": [application(), application({ keys: [] })],
  "a pending key that is given up": [
    application({ keys: [key({ state: "Pending" })] }),
    application({ keys: [] }),
  ],
  "a key with another secret": [
    application(),
    application({ keys: [key({ apiAppSecret: Secret.of("another-secret-another-secret") })] }),
  ],
  "a key that is revoked": [application(), application({ keys: [], revokedKeys: ["APIDmobile"] })],
  "a key that was gone already and is revoked now": [
    application(),
    application({ revokedKeys: ["APIDold"] }),
  ],
  "an end of a key before the horizon": [ends(undefined), ends(SOON)],
  "an end of a key that comes nearer": [ends(LATER), ends(SOON)],
  "an Application suspended": [application(), application({ suspended: true })],
  "an expiry before the horizon": [application(), application({ expiresAt: SOON })],
  "an expiry that has passed": [application(), application({ expiresAt: "2026-01-01T00:00:00Z" })],
  "other labels": [application({ labels: { tier: "a" } }), application({ labels: { tier: "b" } })],
  "a further label, which a selector may exclude": [application(), application({ labels: { tier: "a" } })],
  "fewer algorithms": [application(), signing({ algorithms: ["hmac-sha256"] })],
  "a smaller clock skew": [application(), signing({ clockSkewSeconds: 60 })],
  "parameters that become Auto": [signing({ parameters: "Either" }), application()],
  "parameters that become AsSent": [application(), signing({ parameters: "AsSent" })],
  "an open variant that is closed": [signing({ openVariants: ["FormNotSigned"] }), application()],
  "another applicationId": [application(), application({ applicationId: "app-another0" })],
  "a grant suspended": [grant(), grant({ suspended: true })],
  "an API that is missing": [apis(api("a", "/a"), api("b", "/b")), apis(api("a", "/a"))],
  "an API under another name, which a route may name": [apis(api("a", "/a")), apis(api("b", "/a"))],
  "a path that is missing": [apis(api("a", "/a")), apis(api("a", "/b"))],
  "a path of another type": [
    apis(api("a", "/a")),
    apis({ ...api("a", "/a"), paths: [{ type: "Exact", value: "/a" }] }),
  ],
  "a host that is missing": [apis(api("a", "/a")), apis(api("a", "/a", [], ["other.example.com"]))],
  "fewer methods": [apis(api("a", "/a", ["GET", "POST"])), apis(api("a", "/a", ["GET"]))],
  "some methods instead of all": [apis(api("a", "/a")), apis(api("a", "/a", ["GET"]))],
  "a longer path with fewer methods": [apis(api("a", "/a")), apis(api("a", "/a"), api("b", "/a/b", ["GET"]))],
  "an exact path with fewer methods": [
    apis(api("a", "/a")),
    apis(api("a", "/a"), { ...api("b", "/a", ["GET"]), paths: [{ type: "Exact", value: "/a/b" }] }),
  ],
  "a template with fewer methods": [
    apis(api("a", "/a")),
    apis(api("a", "/a"), { ...api("b", "/a", ["GET"]), paths: [{ type: "Template", value: "/{x}/b" }] }),
  ],
  "a path in the vendor's notation with fewer methods": [
    apis(api("a", "/a")),
    apis(api("a", "/a"), { ...api("b", "/b", ["GET"]), paths: [{ type: "TencentPath", value: "^~/b" }] }),
  ],
  "a path in the vendor's notation instead of the same with a type": [
    apis({ ...api("a", "/a"), paths: [{ type: "Exact", value: "/a" }] }),
    apis({ ...api("a", "/a"), paths: [{ type: "TencentPath", value: "=/a" }] }),
  ],
  "a path with fewer methods at a further host": [
    apis(api("a", "/a"), api("b", "/a/b", ["GET"], ["b.example.com"])),
    apis(api("a", "/a"), api("b", "/a/b", ["GET"], ["b.example.com", "api.shop.example.com"])),
  ],
  "an application that is missing": [names("a", "b"), names("a")],
  "a partner pinned to a namespace": [id(), id("team-a")],
  "a notBefore that moves away": [grant(), grant({ notBefore: SOON })],
  "other labels of the namespace": [grant(), grant({ namespaceLabels: {} })],
  "another environment": [grant(), grant({ environment: "test" })],
  "a host of a domain that is missing": [domain(), domain({ hosts: ["b.example.com"] })],
  "a namespace of a domain that is missing": [owners("a", "b"), owners("a")],
  "a domain that selects namespaces instead of naming them": [
    owners("a"),
    domain({ namespaces: { kind: "selector", selector: { matchLabels: { a: "b" } } } }),
  ],
  "a further environment, which takes paths from another": [
    domain({ environments: [{ name: "release", pathPrefix: "/" }] }),
    domain(),
  ],
  "another kind": [domain(), grant({ uid: "uid-shop", createdAt: domain().createdAt })],
};

describe("an addition:", () => {
  test.each(Object.entries(additions))("%s", (_, [before, after]) => {
    expect(changeOf(before, after, times)).toBe("Addition");
  });
});

describe("a removal:", () => {
  test.each(Object.entries(removals))("%s", (_, [before, after]) => {
    expect(changeOf(before, after, times)).toBe("Removal");
  });
});
