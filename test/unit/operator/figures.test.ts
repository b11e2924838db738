import { expect, test } from "@jest/globals";
import type { Application } from "../../../src/api/application.ts";
import { Secret } from "../../../src/api/secret.ts";
import { figuresOf } from "../../../src/operator/figures.ts";
import { lagOf } from "../../../src/operator/verifiers/lag.ts";
import type { KeyRecord } from "../../../src/projection/documents.ts";
import { application, grant } from "../../support/documents.ts";
import { MemoryStore } from "../../support/memoryStore.ts";

const NOW = Date.parse("2026-01-10T00:00:00Z");
const key = (apiAppKey: string, state: KeyRecord["state"], change: Partial<KeyRecord> = {}): KeyRecord => ({
  apiAppKey,
  apiAppSecret: Secret.of("secret"),
  source: "Generated",
  state,
  createdAt: "2026-01-09T00:00:00Z",
  ...change,
});
const keys = [
  key("A", "Active"),
  key("P", "Pending"),
  key("R", "Retiring", { retiresAt: "2026-01-10T00:00:10Z" }),
  key("X", "Retiring", { retiresAt: "2026-01-09T23:00:00Z" }),
];

test("the figures count keys that are valid, and what ends when", async () => {
  const store = new MemoryStore();
  await store.createProjection(application({ keys, expiresAt: "2026-01-11T00:00:00Z" }), "Addition");
  await store.createProjection(grant({ expiresAt: "2026-01-01T00:00:00Z" }), "Addition");
  await store.createProjection(application({ name: "gone", uid: "gone", tombstone: true, keys }), "Addition");
  const { keys: states, keyAge, ends, orphans } = figuresOf(store, NOW);
  expect(states).toEqual({ Active: 1, Pending: 1, Retiring: 1 });
  expect(keyAge).toEqual({ median: 86_400, oldest: 86_400 });
  expect(ends).toEqual({ Application: [86_400], ApiGrant: [], Key: [10] });
  expect(orphans).toBe(3);
});

test("the figures count objects by the status of Ready", () => {
  const store = new MemoryStore();
  store.apply({ kind: "Application", namespace: "team-shop", name: "fresh", spec: {} });
  expect(figuresOf(store, NOW).objects.Application).toEqual({ True: 0, False: 0, Unknown: 1 });
});

test("the figures count Applications that accept weak signing", () => {
  const store = new MemoryStore();
  const open = { signing: { openVariants: ["FormNotSigned"] } };
  store.apply({ kind: "Application", namespace: "team-shop", name: "strict", spec: {} });
  store.apply({ kind: "Application", namespace: "team-shop", name: "open", spec: open });
  expect(figuresOf(store, NOW).weakSigning).toBe(0);
  const found = store.applications.get("team-shop/open") as Application;
  const condition = { type: "WeakSigning", status: "True", reason: "OpenVariants", message: "" } as const;
  const conditions = [{ ...condition, lastTransitionTime: "2026-01-10T00:00:00Z" }];
  store.applications.put("team-shop/open", { ...found, status: { conditions } });
  expect(figuresOf(store, NOW).weakSigning).toBe(1);
});

test("a verifier's lag is the age of the oldest change that it has not applied", () => {
  const lease = (name: string, applied: string) => ({
    name,
    applied,
    holder: name,
    leaseDurationSeconds: 60,
    resourceVersion: "1",
  });
  const awaited = [
    { version: "100", since: 1_000 },
    { version: "99", since: 4_000 },
  ];
  const lag = lagOf([lease("ahead", "100"), lease("behind", "99"), lease("new", "")], awaited, 6_000);
  expect(Object.fromEntries(lag)).toEqual({ ahead: 0, behind: 5, new: 5 });
});
