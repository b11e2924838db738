import { expect, test } from "@jest/globals";
import { Registry } from "prom-client";
import {
  operatorGauges,
  operatorMetrics,
  resourceOf,
} from "../../../../src/observe/metrics/operatorMetrics.ts";

const FIGURES = {
  keys: { Active: 3, Pending: 1, Retiring: 2 },
  keyAge: { median: 60, oldest: 90 },
  ends: { Application: [], ApiGrant: [3_600, 86_401], Key: [5] },
  objects: {
    Application: { True: 2, False: 1, Unknown: 0 },
    ApiGrant: { True: 0, False: 0, Unknown: 4 },
    ApiDomain: { True: 1, False: 0, Unknown: 0 },
  },
  orphans: 1,
  weakSigning: 1,
  unused: { Application: 3, ApiGrant: 2 },
  lastUseWaiting: 5,
  queueAge: 2.5,
  workers: 9,
  lag: new Map([["verifier-0", 7]]),
  verifiers: { live: 3, silent: 1 },
};

test("every series exists at 0 from the start", async () => {
  const registry = new Registry();
  operatorMetrics(registry);
  operatorGauges(registry);
  const lines = (await registry.metrics()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const names = new Set(lines.map((line) => line.split(/[{ ]/)[0]));
  for (const name of [
    "keys",
    "active_key_age_seconds",
    "expiring",
    "objects",
    "orphans",
    "queue_age_seconds",
    "workers",
  ])
    expect(names).toContain(`countersign_${name}`);
  for (const name of [
    "reconcile_total",
    "reconcile_duration_seconds_count",
    "watch_restarts_total",
    "verifiers",
  ])
    expect(names).toContain(`countersign_${name}`);
  expect(lines.filter((line) => !/ (0|-1)$/.test(line))).toEqual([]);
});

test("gauges show the figures, and nothing once this process does not lead any more", async () => {
  const registry = new Registry();
  const show = operatorGauges(registry);
  show(FIGURES);
  const text = await registry.metrics();
  for (const line of [
    'countersign_keys{state="Retiring"} 2',
    'countersign_active_key_age_seconds{rank="oldest"} 90',
    'countersign_expiring{kind="ApiGrant",within="1h"} 1',
    'countersign_expiring{kind="ApiGrant",within="24h"} 1',
    'countersign_expiring{kind="ApiGrant",within="168h"} 2',
    'countersign_next_expiry_seconds{kind="Key"} 5',
    'countersign_next_expiry_seconds{kind="Application"} -1',
    'countersign_objects{kind="ApiGrant",ready="Unknown"} 4',
    "countersign_weak_signing_applications 1",
    'countersign_unused_objects{kind="Application"} 3',
    'countersign_unused_objects{kind="ApiGrant"} 2',
    "countersign_last_use_waiting_objects 5",
    'countersign_acknowledgement_lag_seconds{verifier="verifier-0"} 7',
    'countersign_verifiers{state="live"} 3',
    'countersign_verifiers{state="silent"} 1',
  ])
    expect(text).toContain(`${line}\n`);
  show();
  expect(await registry.metrics()).not.toContain("verifier-0");
});

test("P32: a watch's label is one of the known resources", () => {
  expect(resourceOf("/api/v1/namespaces/countersign-data/secrets")).toBe("secrets");
  expect(resourceOf("/apis/example.com/v1/namespaces/a/whatever")).toBe("other");
});
