import type { ApiGrant } from "../../src/api/apiGrant.ts";
import type { Application } from "../../src/api/application.ts";
import { CREDENTIAL_KEYS } from "../../src/api/names.ts";
import type { ApplicationProjection, KeyRecord } from "../../src/projection/documents.ts";
import { MemoryStore } from "./memoryStore.ts";
import { HandOperator, ManualClock } from "./operatorHarness.ts";

export const HOUR = 3_600_000;
/** The Application `mobile` of the namespace `team-shop`, its projection and its credentials Secret. */
export const KEY = "team-shop/mobile";
export const NAME = "application.team-shop.mobile";
export const CREDENTIALS = "team-shop/mobile-credentials";

/** What a test of the operator drives. */
export interface Stage {
  readonly store: MemoryStore;
  readonly clock: ManualClock;
  readonly operator: HandOperator;
}

/** An operator without any object, one verifier, and the namespace `team-shop`. */
export function emptyStage(): Stage {
  const store = new MemoryStore();
  const clock = new ManualClock();
  const operator = new HandOperator(store, clock);
  store.setLease("verifier-1");
  store.setNamespace("team-shop", {});
  return { store, clock, operator };
}

/** The spec of an Application that imports its key pair from the Secret of that name. */
export const imports = (from = "old", more: object = {}) => ({
  credentials: { source: "Imported", importFrom: { name: from }, ...more },
});

/** The data of a Secret that can be imported. */
export const pair = (id: string, secret = `${id}-secret-secret-secret`) => ({
  ApiAppKey: id,
  ApiAppSecret: secret,
});

/** Writes Applications, and reads the state of one: of `team-shop/mobile`, if no other is named. */
export function applicationsOf(store: () => MemoryStore) {
  const object = (key: string) => store().applications.get(key) as Application;

  function apply(spec: unknown = {}, name = "mobile"): void {
    store().apply({ kind: "Application", namespace: "team-shop", name, spec });
  }

  function projected(name = NAME): ApplicationProjection {
    const document = store().projections.get(name)?.document;
    if (document?.kind !== "Application") throw new Error(`no projection ${name}`);
    return document;
  }

  /** The keys of the projection, oldest first, such as `APID… Active`. */
  function keys(name = NAME): readonly string[] {
    return projected(name).keys.map(({ apiAppKey, state }) => `${apiAppKey} ${state}`);
  }

  /** The keys of the status, in its order. */
  function shown(): readonly string[] {
    return (object(KEY).status?.keys ?? []).map(({ apiAppKey, state }) => `${apiAppKey} ${state}`);
  }

  function active(): KeyRecord {
    const key = projected().keys.find(({ state }) => state === "Active");
    if (!key) throw new Error("no active key");
    return key;
  }

  /** The ApiAppKey in the credentials Secret. */
  function published(secret = CREDENTIALS): string | undefined {
    return store().secrets.get(secret)?.data.get(CREDENTIAL_KEYS.key)?.reveal();
  }

  /** A condition's status and reason, such as `True Ready`. */
  function condition(type: string, key = KEY): string | undefined {
    const found = object(key).status?.conditions.find((one) => one.type === type);
    return found && `${found.status} ${found.reason}`;
  }

  return { apply, projected, keys, shown, active, published, condition };
}

/** The API of the grants that `grantsOf` writes. */
export const API = {
  name: "orders",
  hosts: ["api.shop.example.com"],
  paths: [{ type: "PathPrefix", value: "/orders" }],
};

/** Writes the three kinds, and reads the status of ApiGrants, ApiDomains and the Applications that they bind. */
export function grantsOf(store: () => MemoryStore) {
  function grant(applications: readonly unknown[], more: object = {}, name = "partners"): void {
    const spec = { environment: "release", apis: [API], applications, ...more };
    store().apply({ kind: "ApiGrant", namespace: "team-shop", name, spec });
  }

  function domain(
    hosts: readonly string[],
    namespaces: object = { names: ["team-shop"] },
    name = "shop",
  ): void {
    store().apply({ kind: "ApiDomain", name, spec: { hosts, namespaces } });
  }

  function application(name = "mobile", namespace = "team-shop", labels = {}): void {
    store().apply({ kind: "Application", namespace, name, labels, spec: {} });
  }

  /** A grant's status, its conditions by type. */
  function status(name = "partners") {
    const { status: found } = store().grants.get(`team-shop/${name}`) as ApiGrant;
    const conditions = found?.conditions.map(
      ({ type, status: is, reason }) => [type, `${is} ${reason}`] as const,
    );
    return { ...found, conditions: new Map(conditions) };
  }

  function domainCondition(type: string, name = "shop"): string | undefined {
    const found = store()
      .domains.get(name)
      ?.status?.conditions.find((one) => one.type === type);
    return found && `${found.status} ${found.reason}`;
  }

  function applicationStatus(key = KEY) {
    return (store().applications.get(key) as Application).status;
  }

  return { grant, domain, application, status, domainCondition, applicationStatus };
}
