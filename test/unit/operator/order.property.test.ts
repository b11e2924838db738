import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { finalState } from "../../support/finalState.ts";
import { Invariants } from "../../support/invariants.ts";
import { type Manifest, MemoryStore } from "../../support/memoryStore.ts";
import { HandOperator, ManualClock } from "../../support/operatorHarness.ts";

const manifests: readonly Manifest[] = [
  { kind: "Application", namespace: "team-shop", name: "mobile", labels: { tier: "a" }, spec: {} },
  {
    kind: "Application",
    namespace: "team-shop",
    name: "web",
    labels: { tier: "a" },
    spec: { suspended: true },
  },
  {
    kind: "Application",
    namespace: "team-shop",
    name: "old",
    spec: { credentials: { source: "Imported", importFrom: { name: "exported" } } },
  },
  {
    kind: "ApiGrant",
    namespace: "team-shop",
    name: "selected",
    spec: {
      environment: "release",
      apis: [{ name: "orders", hosts: ["a.example.com"], paths: [{ value: "/orders" }] }],
      applications: [{ selector: { matchLabels: { tier: "a" } } }],
    },
  },
  {
    kind: "ApiGrant",
    namespace: "team-shop",
    name: "named",
    spec: {
      environment: "test",
      apis: [{ name: "stock", hosts: ["*.example.com"], paths: [{ value: "/" }] }],
      applications: [{ name: "old" }, { name: "missing" }],
    },
  },
  {
    kind: "ApiDomain",
    name: "shop",
    spec: { hosts: ["a.example.com"], namespaces: { selector: { matchLabels: { team: "shop" } } } },
  },
  {
    kind: "ApiDomain",
    name: "wide",
    spec: { hosts: ["*.example.com"], namespaces: { names: ["team-shop"] } },
  },
];

const actions: readonly ((store: MemoryStore) => void)[] = [
  ...manifests.map((manifest) => (store: MemoryStore) => store.apply(manifest)),
  (store) => store.setSecret("team-shop", "exported", { ApiAppKey: "K1", ApiAppSecret: "0123456789abcdef" }),
  (store) => store.setNamespace("team-shop", { team: "shop" }),
  (store) => store.setLease("verifier-1"),
];

/** `rests`: after which actions the operator settles before the next one, and whether the verifiers acknowledge. */
async function play(order: readonly number[], rests: readonly (boolean | undefined)[]) {
  const store = new MemoryStore();
  const invariants = new Invariants(store);
  store.afterWrite = (write) => invariants.check(write);
  const operator = new HandOperator(store, new ManualClock());
  for (const [at, action] of order.entries()) {
    actions[action]?.(store);
    const acknowledging = rests[at];
    if (acknowledging !== undefined) await operator.settle({ acknowledging });
  }
  await operator.settle();
  return { state: finalState(store), violations: invariants.violations };
}

test("the order of applying, and what has happened in between, do not matter", async () => {
  const natural = actions.map((_, index) => index);
  const expected = await play(natural, []);
  expect(expected.violations).toEqual([]);
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(natural, { minLength: natural.length }),
      fc.array(fc.option(fc.boolean(), { nil: undefined }), { maxLength: natural.length }),
      async (order, rests) => expect(await play(order, rests)).toEqual(expected),
    ),
    { numRuns: 60 },
  );
});
