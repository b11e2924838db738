import { beforeEach, expect, test } from "@jest/globals";
import type { MemoryStore } from "../../support/memoryStore.ts";
import type { HandOperator } from "../../support/operatorHarness.ts";
import { applicationsOf, emptyStage, imports, pair } from "../../support/teamShop.ts";

let store: MemoryStore;
let operator: HandOperator;

beforeEach(() => {
  ({ store, operator } = emptyStage());
});

const { apply, active } = applicationsOf(() => store);

test("P31: no secret is in any status, event or log line", async () => {
  store.setSecret("team-shop", "old", pair("K1"));
  apply();
  apply(imports(), "imported");
  await operator.settle();
  const secrets = [active().apiAppSecret.reveal(), "K1-secret-secret-secret"];
  const told = JSON.stringify([operator.log, store.events, [...store.applications.values()]]);
  expect(operator.log.length).toBeGreaterThan(5);
  expect(store.events.length).toBeGreaterThan(0);
  for (const secret of secrets) expect(told).not.toContain(secret);
});
