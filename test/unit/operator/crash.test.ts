import { describe, expect, test } from "@jest/globals";
import { finalState } from "../../support/finalState.ts";
import { Invariants } from "../../support/invariants.ts";
import { MemoryStore } from "../../support/memoryStore.ts";
import { HandOperator, ManualClock } from "../../support/operatorHarness.ts";

/** What people do, one after another; between two of them everything comes to rest. */
type Script = readonly ((store: MemoryStore, clock: ManualClock) => void)[];

const app = (spec: unknown) => (store: MemoryStore) =>
  store.apply({ kind: "Application", namespace: "team-shop", name: "mobile", labels: { tier: "a" }, spec });
const imported = { credentials: { source: "Imported", importFrom: { name: "old" } } };
const secret = (id: string) => (store: MemoryStore) =>
  store.setSecret("team-shop", "old", { ApiAppKey: id, ApiAppSecret: `${id}-0123456789abcdef` });
const activeKey = (store: MemoryStore) =>
  store.applications.truth("team-shop/mobile")?.status?.keys?.find(({ state }) => state === "Active")
    ?.apiAppKey ?? "";
const grantAndDomain = (store: MemoryStore) => {
  store.apply({
    kind: "ApiDomain",
    name: "shop",
    spec: { hosts: ["a.example.com"], namespaces: { names: ["team-shop"] } },
  });
  const apis = [{ name: "orders", hosts: ["a.example.com"], paths: [{ value: "/" }] }];
  const applications = [{ name: "mobile" }, { selector: { matchLabels: { tier: "a" } } }];
  store.apply({
    kind: "ApiGrant",
    namespace: "team-shop",
    name: "g",
    spec: { environment: "release", apis, applications },
  });
};

const allThree = (store: MemoryStore) => {
  grantAndDomain(store);
  app({})(store);
};

const scripts: Record<string, Script> = {
  "creating the three kinds": [allThree],
  "resetting a revoked key": [
    app({}),
    (store) => app({ credentials: { revokedKeys: [activeKey(store)] } })(store),
    app({}),
  ],
  "rotating on request, until the old key has retired": [
    app({}),
    (store, clock) => {
      clock.advance(60_000);
      app({ credentials: { rotation: { overlap: "1h", requestedAt: clock.text() } } })(store);
    },
    (_, clock) => clock.advance(3_700_000),
  ],
  "importing, changing the import, and going back to a generated key": [
    secret("K1"),
    app(imported),
    secret("K2"),
    app({}),
  ],
  "moving the credentials Secret": [app({}), app({ credentials: { secretName: "elsewhere" } })],
  "deleting the three kinds": [
    allThree,
    (store) => {
      store.delete("Application", "team-shop/mobile");
      store.delete("ApiGrant", "team-shop/g");
      store.delete("ApiDomain", "shop");
    },
  ],
  "deleting an Application and creating it again": [
    app({}),
    (store) => store.delete("Application", "team-shop/mobile"),
    app({ displayName: "again" }),
  ],
};

/** Plays a script; the operator dies after the write of that number (0: before the first), and a new one takes over. */
async function play(script: Script, crashAfter: number) {
  const store = new MemoryStore();
  const clock = new ManualClock();
  const invariants = new Invariants(store);
  let dead = crashAfter === 0;
  store.beforeWrite = () => {
    if (dead) throw new Error("killed");
    return undefined;
  };
  store.afterWrite = (write) => {
    invariants.check(write);
    dead = store.writes.length === crashAfter;
    if (dead) throw new Error("killed");
  };
  store.setNamespace("team-shop", {});
  store.setLease("verifier-1");
  let operator = new HandOperator(store, clock, "first");
  for (const action of script) {
    action(store, clock);
    await operator.after(0);
    await operator.settle();
    if (!dead) continue;
    operator.stop();
    dead = false;
    operator = new HandOperator(store, clock, "second");
    await operator.settle();
  }
  return { store, invariants };
}

describe("an operator that is killed after any of its writes loses nothing, hands out nothing twice, and ends where it would have ended", () => {
  test.each(Object.entries(scripts))("%s", async (_, script) => {
    const whole = await play(script, -1);
    expect(whole.invariants.violations).toEqual([]);
    expect(whole.store.writes.length).toBeGreaterThan(5);
    const expected = finalState(whole.store);
    for (let write = 0; write < whole.store.writes.length; write++) {
      const { store, invariants } = await play(script, write);
      expect({ write, violations: invariants.violations }).toEqual({ write, violations: [] });
      expect({ write, state: finalState(store) }).toEqual({ write, state: expected });
    }
  });
});

test("a key that was readable before a crash is the same after it", async () => {
  const store = new MemoryStore();
  const clock = new ManualClock();
  store.setLease("verifier-1");
  app({})(store);
  for (const seed of ["a", "b", "c"]) {
    const operator = new HandOperator(store, clock, seed);
    await operator.settle();
    operator.stop();
  }
  expect(store.writes.filter(({ method }) => method === "createCredentials")).toHaveLength(1);
  expect(store.writes.filter(({ method }) => method === "replaceProjection")).toHaveLength(0);
});
