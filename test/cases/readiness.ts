import type { Application } from "../../src/api/application.ts";
import { conditions } from "../../src/api/schema/status.ts";
import { MemoryStore } from "../support/memoryStore.ts";
import { HandOperator, ManualClock } from "../support/operatorHarness.ts";

/** What a pipeline should make of an object. */
export type Outcome = "waits" | "proceeds" | "fails";

type Act = (world: {
  readonly store: MemoryStore;
  readonly operator: HandOperator;
  readonly clock: ManualClock;
}) => Promise<void> | void;

const HOUR = 3_600_000;

const apply = (store: MemoryStore, spec: object) =>
  store.apply({ kind: "Application", namespace: "team-shop", name: "mobile", spec });

/** How an Application comes into a state, by the operator's own hand, and what GitOps pipelines should make of that state. */
export const READINESS: Readonly<Record<string, readonly [Act, Outcome]>> = {
  "an Application that the operator has not seen yet": [({ store }) => apply(store, {}), "waits"],
  "an Application in effect": [
    async ({ store, operator }) => {
      apply(store, {});
      await operator.settle();
    },
    "proceeds",
  ],
  "an edit that the operator has not seen yet": [
    async ({ store, operator }) => {
      apply(store, {});
      await operator.settle();
      apply(store, { displayName: "Mobile app" });
    },
    "waits",
  ],
  "an Application that is suspended, as was asked": [
    async ({ store, operator }) => {
      apply(store, { suspended: true });
      await operator.settle();
    },
    "proceeds",
  ],
  "an Application whose verifiers have not applied it": [
    async ({ store, operator }) => {
      apply(store, {});
      await operator.settle({ acknowledging: false });
    },
    "waits",
  ],
  "an Application whose import is not there yet": [
    async ({ store, operator }) => {
      apply(store, { credentials: { source: "Imported", importFrom: { name: "old" } } });
      await operator.settle();
    },
    "waits",
  ],
  "an Application that is not valid": [
    async ({ store, operator }) => {
      apply(store, { signing: { clockSkew: "9h" } });
      await operator.settle();
    },
    "fails",
  ],
  "an Application that was mended": [
    async ({ store, operator }) => {
      apply(store, { signing: { clockSkew: "9h" } });
      await operator.settle();
      apply(store, { signing: { clockSkew: "9s" } });
      await operator.settle();
    },
    "proceeds",
  ],
  "an Application that was not used for long": [
    async ({ store, operator, clock }) => {
      store.uses.set("verifier-1", "{}");
      store.setLease("verifier-1");
      await operator.begin();
      apply(store, {});
      for (let hours = 0; hours <= 49; hours++) {
        await operator.settle();
        clock.advance(HOUR);
        await operator.after(0);
        operator.releaseUse();
      }
      await operator.settle();
      const { conditions: found } = store.applications.get("team-shop/mobile")?.status ?? {};
      if (!found?.some(({ type }) => type === "Unused")) throw new Error("the Application is not Unused");
    },
    "proceeds",
  ],
  "an Application that is being deleted": [
    async ({ store, operator }) => {
      apply(store, {});
      await operator.settle();
      store.delete("Application", "team-shop/mobile");
      await operator.settle({ acknowledging: false });
    },
    "waits",
  ],
};

/** The Application after these acts, as a client of the API server would read it. */
export async function applicationAfter(act: Act): Promise<Application> {
  const store = new MemoryStore();
  store.setLease("verifier-1");
  const clock = new ManualClock();
  const lastUse = { unusedAfterMs: 48 * HOUR };
  const operator = new HandOperator(store, clock, "seed", false, lastUse);
  await act({ store, operator, clock });
  operator.stop();
  const object = store.applications.get("team-shop/mobile");
  if (!object) throw new Error("the Application is gone");
  // As the API server's defaults have it before the operator has written.
  return { ...object, status: object.status ?? ({ conditions: conditions.default } as const) };
}
