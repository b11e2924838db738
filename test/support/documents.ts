import { Secret } from "../../src/api/secret.ts";
import { documentName } from "../../src/projection/documentName.ts";
import type {
  ApiDomainProjection,
  ApiGrantProjection,
  ApplicationProjection,
  HmacSettings,
  KeyRecord,
  Projection,
} from "../../src/projection/documents.ts";
import type { StoredProjection } from "../../src/projection/feed.ts";

/** Projection documents with sensible fields, for tests that care about a few of them. */
const AT = "2026-01-01T00:00:00Z";

export function key(change: Partial<KeyRecord> = {}): KeyRecord {
  return {
    apiAppKey: "APIDmobile",
    apiAppSecret: Secret.of("mobile-secret-mobile-secret"),
    source: "Generated",
    state: "Active",
    createdAt: AT,
    ...change,
  };
}

/** Settings for the scheme `Tencent`, by default as an Application has them that names none. */
export function settings(change: Partial<HmacSettings> = {}): HmacSettings {
  return {
    algorithms: ["hmac-sha1", "hmac-sha256", "hmac-sha384", "hmac-sha512", "hmac-sm3"],
    clockSkewSeconds: 900,
    parameters: "Auto",
    openVariants: [],
    ...change,
  };
}

export function application(change: Partial<ApplicationProjection> = {}): ApplicationProjection {
  return {
    kind: "Application",
    uid: "uid-mobile",
    namespace: "team-shop",
    name: "mobile-app",
    createdAt: AT,
    tombstone: false,
    applicationId: "app-mobile00",
    labels: {},
    suspended: false,
    schemes: { Tencent: settings() },
    keys: [key()],
    revokedKeys: [],
    ...change,
  };
}

export function grant(change: Partial<ApiGrantProjection> = {}): ApiGrantProjection {
  return {
    kind: "ApiGrant",
    uid: `uid-${change.name ?? "orders"}`,
    namespace: "team-shop",
    name: "orders",
    createdAt: AT,
    tombstone: false,
    namespaceLabels: { "kubernetes.io/metadata.name": change.namespace ?? "team-shop" },
    environment: "release",
    apis: [
      {
        name: "orders",
        hosts: ["api.shop.example.com"],
        paths: [{ type: "PathPrefix", value: "/orders" }],
        methods: [],
      },
    ],
    applications: [{ kind: "name", name: "mobile-app" }],
    suspended: false,
    ...change,
  };
}

export function domain(change: Partial<ApiDomainProjection> = {}): ApiDomainProjection {
  return {
    kind: "ApiDomain",
    uid: `uid-${change.name ?? "shop"}`,
    name: "shop",
    createdAt: AT,
    tombstone: false,
    hosts: ["api.shop.example.com"],
    namespaces: { kind: "names", names: ["team-shop"] },
    environments: [
      { name: "release", pathPrefix: "/" },
      { name: "test", pathPrefix: "/test" },
    ],
    ...change,
  };
}

export function stored(document: Projection, resourceVersion: string | number = 1): StoredProjection {
  return { name: documentName(document), resourceVersion: String(resourceVersion), document };
}
