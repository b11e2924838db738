import { expect, test } from "@jest/globals";
import { Registry } from "prom-client";
import { OperatorTelemetry } from "../../../../../src/cli/shared/reconcile/operatorTelemetry.ts";
import type { Operator } from "../../../../../src/operator/controller.ts";

const NO_OBJECTS = { True: 0, False: 0, Unknown: 0 };
const operator: Operator = {
  idle: async () => {},
  stopped: Promise.resolve(),
  figures: () => ({
    keys: { Active: 3, Pending: 0, Retiring: 0 },
    keyAge: { median: 0, oldest: 0 },
    ends: { Application: [], ApiGrant: [], Key: [] },
    objects: { Application: NO_OBJECTS, ApiGrant: NO_OBJECTS, ApiDomain: NO_OBJECTS },
    orphans: 0,
    weakSigning: 0,
    unused: { Application: 0, ApiGrant: 0 },
    lastUseWaiting: 0,
    queueAge: 0,
    workers: 8,
    lag: new Map(),
    verifiers: { live: 0, silent: 0 },
  }),
};

async function shown(registry: Registry, telemetry: OperatorTelemetry) {
  telemetry.refresh();
  const text = await registry.metrics();
  const value = (series: string) =>
    Number(
      text
        .split("\n")
        .find((line) => line.startsWith(`${series} `))
        ?.split(" ")[1],
    );
  return {
    leading: value("countersign_operator_leading"),
    keys: value('countersign_keys{state="Active"}'),
  };
}

test("the figures of an operator are shown from its start until the process stops leading", async () => {
  const registry = new Registry();
  const telemetry = new OperatorTelemetry(registry);
  expect(await shown(registry, telemetry)).toEqual({ leading: 0, keys: 0 });
  telemetry.setLeading(true);
  telemetry.follow(operator);
  expect(await shown(registry, telemetry)).toEqual({ leading: 1, keys: 3 });
  telemetry.setLeading(false);
  expect(await shown(registry, telemetry)).toEqual({ leading: 0, keys: 0 });
});

test("a restarted watch is counted under the plural of its resource", async () => {
  const registry = new Registry();
  const telemetry = new OperatorTelemetry(registry);
  telemetry.watchRestarted("/apis/countersign.dev/v1alpha1/apigrants");
  telemetry.watchRestarted("/api/v1/strange");
  const text = await registry.metrics();
  expect(text).toContain('countersign_watch_restarts_total{resource="apigrants"} 1');
  expect(text).toContain('countersign_watch_restarts_total{resource="other"} 1');
});
