import { beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { Condition } from "../../../../src/api/meta.ts";
import { CREDENTIAL_KEYS } from "../../../../src/api/names.ts";
import { MemoryStore } from "../../../support/memoryStore.ts";
import { HandOperator, ManualClock } from "../../../support/operatorHarness.ts";

const NAMESPACE = "team-shop";
const APPLICATION = "application.team-shop.mobile";

let store: MemoryStore;
let clock: ManualClock;
let operator: HandOperator;
beforeEach(async () => {
  store = new MemoryStore();
  clock = new ManualClock();
  operator = new HandOperator(store, clock);
  store.setLease("live");
  store.setLease("silent");
  apply("Application", "mobile", {});
  store.apply({
    kind: "ApiDomain",
    name: "shop",
    spec: { hosts: ["api.shop.example.com"], namespaces: { names: [NAMESPACE] } },
  });
  apply("ApiGrant", "partners", grant(["/orders", "/stock"]));
  await operator.settle();
  await operator.fallSilent("live");
});

function apply(kind: "Application" | "ApiGrant", name: string, spec: unknown): void {
  store.apply({ kind, namespace: NAMESPACE, name, spec });
}

function grant(paths: readonly string[], more: object = {}) {
  const hosts = ["api.shop.example.com"];
  const api = { name: "api", hosts, paths: paths.map((value) => ({ type: "PathPrefix", value })) };
  return { environment: "release", apis: [api], applications: [{ name: "mobile" }], ...more };
}

function condition(kind: "Application" | "ApiGrant", name: string, type = "Programmed"): Condition {
  const table = kind === "Application" ? store.applications : store.grants;
  const found = table.get(`${NAMESPACE}/${name}`)?.status?.conditions?.find((one) => one.type === type);
  if (!found) throw new Error(`${name} has no condition ${type}`);
  return found;
}

function activeKey(name = APPLICATION): string {
  const document = store.projections.get(name)?.document;
  const keys = document?.kind === "Application" ? document.keys : [];
  return keys.find(({ state }) => state === "Active")?.apiAppKey ?? "";
}

const published = (name: string) =>
  store.secrets.get(`${NAMESPACE}/${name}-credentials`)?.data.get(CREDENTIAL_KEYS.key)?.reveal();

const WAITS = { status: "False", reason: "WaitingForVerifiers" };
const IS_PROGRAMMED = { status: "True", reason: "Programmed" };
const WHY =
  "silent (silent since 2026-01-01T00:00:00Z, denies everything from 2026-01-01T01:00:00Z at the latest). " +
  "If its process has ended, run: kubectl countersign verifiers forget silent";

describe("a silent verifier does not hold up", () => {
  test("a new Application, whose condition names the verifier", async () => {
    apply("Application", "young", {});
    await operator.renew("live");
    expect(published("young")).toBe(activeKey("application.team-shop.young"));
    expect(condition("Application", "young", "Ready").status).toBe("True");
    expect(condition("Application", "young")).toMatchObject({
      ...IS_PROGRAMMED,
      message: `Every live verifier has the latest state. Not applied by ${WHY}`,
    });
  });

  test("a new grant", async () => {
    apply("ApiGrant", "more", grant(["/more"]));
    await operator.renew("live");
    expect(condition("ApiGrant", "more")).toMatchObject(IS_PROGRAMMED);
  });

  test("a wider grant", async () => {
    apply("ApiGrant", "partners", grant(["/orders", "/stock", "/more"]));
    await operator.renew("live");
    expect(condition("ApiGrant", "partners")).toMatchObject(IS_PROGRAMMED);
  });

  test("a rotation whose overlap is longer than the verifier can stay in service", async () => {
    const before = activeKey();
    const rotation = { overlap: "168h", requestedAt: clock.text() };
    apply("Application", "mobile", { credentials: { rotation } });
    await operator.renew("live");
    expect(activeKey()).not.toBe(before);
    expect(published("mobile")).toBe(activeKey());
    expect(condition("Application", "mobile")).toMatchObject(IS_PROGRAMMED);
  });
});

describe("a silent verifier is waited for", () => {
  const removals: Record<string, ["Application" | "ApiGrant", string, () => unknown]> = {
    "when a key is revoked": [
      "Application",
      "mobile",
      () => ({ credentials: { revokedKeys: [activeKey()] } }),
    ],
    "when an Application is suspended": ["Application", "mobile", () => ({ suspended: true })],
    "when an expiry is brought forward": [
      "Application",
      "mobile",
      () => ({ expiresAt: "2026-01-01T00:30:00Z" }),
    ],
    "when a grant is narrowed": ["ApiGrant", "partners", () => grant(["/orders"])],
    "when a grant both adds and removes": ["ApiGrant", "partners", () => grant(["/orders", "/more"])],
    "when a rotation's overlap ends before the verifier can be sure to have ended": [
      "Application",
      "mobile",
      () => ({ credentials: { rotation: { overlap: "5m", requestedAt: clock.text() } } }),
    ],
  };
  test.each(Object.entries(removals))("%s", async (_, [kind, name, spec]) => {
    apply(kind, name, spec());
    await operator.renew("live");
    expect(condition(kind, name)).toMatchObject({ ...WAITS, message: `Waiting for ${WHY}` });
    store.setLease("silent", store.version);
    await operator.renew("live");
    expect(condition(kind, name)).toMatchObject({
      ...IS_PROGRAMMED,
      message: "Every verifier has the latest state",
    });
  });

  test("when an object is deleted, until somebody forgets the verifier", async () => {
    store.delete("ApiGrant", `${NAMESPACE}/partners`);
    await operator.renew("live");
    expect(condition("ApiGrant", "partners")).toMatchObject({ ...WAITS, message: `Waiting for ${WHY}` });
    store.leases.delete("silent");
    await operator.renew("live");
    expect(store.grants.get(`${NAMESPACE}/partners`)).toBeUndefined();
  });

  test("when an object is deleted, and is named although time passes while the operator plans", async () => {
    const wall = clock.wall.bind(clock);
    jest.spyOn(clock, "wall").mockImplementation(() => {
      clock.advance(1);
      return wall();
    });
    store.delete("ApiGrant", `${NAMESPACE}/partners`);
    await operator.renew("live");
    expect(condition("ApiGrant", "partners")).toMatchObject({ ...WAITS, message: `Waiting for ${WHY}` });
  });

  test("also when an addition follows before the removal is acknowledged", async () => {
    apply("ApiGrant", "partners", grant(["/orders"]));
    await operator.renew("live");
    apply("ApiGrant", "partners", grant(["/orders", "/more"]));
    await operator.renew("live");
    expect(condition("ApiGrant", "partners")).toMatchObject(WAITS);
  });

  test("no longer for an addition once the removal before it is acknowledged", async () => {
    apply("ApiGrant", "partners", grant(["/orders"]));
    await operator.renew("live", "silent");
    await operator.fallSilent("live");
    apply("ApiGrant", "partners", grant(["/orders", "/more"]));
    await operator.renew("live");
    expect(condition("ApiGrant", "partners")).toMatchObject(IS_PROGRAMMED);
  });
});

describe("the next operator, once the verifier is silent to it too,", () => {
  const restarted = async () => {
    operator.stop();
    operator = new HandOperator(store, clock, "next");
    await operator.fallSilent("live");
  };

  test("keeps waiting for a removal", async () => {
    apply("ApiGrant", "partners", grant(["/orders"]));
    await operator.renew("live");
    await restarted();
    expect(condition("ApiGrant", "partners")).toMatchObject(WAITS);
  });

  test("does not wait for an addition", async () => {
    apply("ApiGrant", "partners", grant(["/orders", "/stock", "/more"]));
    await operator.renew("live");
    await restarted();
    expect(condition("ApiGrant", "partners")).toMatchObject(IS_PROGRAMMED);
  });
});

describe("where every verifier is silent", () => {
  test("a new Application gets its key pair, and is Ready when one is heard again", async () => {
    await operator.fallSilent();
    apply("Application", "young", {});
    await operator.settle({ acknowledging: false });
    expect(published("young")).toBe(activeKey("application.team-shop.young"));
    expect(condition("Application", "young", "Ready")).toMatchObject({
      status: "Unknown",
      reason: "NoVerifier",
    });
    await operator.renew("live");
    expect(condition("Application", "young", "Ready").status).toBe("True");
  });
});
