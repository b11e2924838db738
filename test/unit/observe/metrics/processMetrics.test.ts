import perfHooks from "node:perf_hooks";
import { expect, jest, test } from "@jest/globals";
import { Registry } from "prom-client";
import { DELAY_SAMPLE_MS, exposeProcess } from "../../../../src/observe/metrics/processMetrics.ts";

test("the delay of the event loop is sampled so seldom that an idle process may sleep", () => {
  const monitor = jest.spyOn(perfHooks, "monitorEventLoopDelay");
  exposeProcess(new Registry());
  expect(monitor.mock.calls).toEqual([[{ resolution: DELAY_SAMPLE_MS }]]);
  expect(DELAY_SAMPLE_MS).toBeGreaterThanOrEqual(50);
  monitor.mockRestore();
});
