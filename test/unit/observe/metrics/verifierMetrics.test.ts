import { expect, test } from "@jest/globals";
import { Registry } from "prom-client";
import { ALGORITHMS, DECISION_CODES, OPEN_VARIANTS } from "../../../../src/api/vocabulary.ts";
import { verifierMetrics } from "../../../../src/observe/metrics/verifierMetrics.ts";
import { PROXY_SIGNS } from "../../../../src/observe/proxySigns.ts";

test.each([
  ["code of a decision", "countersign_decisions_total", "code", DECISION_CODES],
  ["algorithm", "countersign_algorithm_total", "algorithm", ALGORITHMS],
  ["sign of the proxy's configuration", "countersign_proxy_checks_total", "sign", PROXY_SIGNS],
  ["open variant", "countersign_open_variant_total", "variant", OPEN_VARIANTS],
  [
    "kind of projection",
    "countersign_projections",
    "kind",
    ["Application", "ApiGrant", "ApiDomain", "unreadable"],
  ],
])("every %s has a series at 0 from the start", async (_, name, label, words) => {
  const registry = new Registry();
  verifierMetrics(registry);
  const series = (await registry.getSingleMetric(name)?.get())?.values ?? [];
  expect(series.map(({ labels, value }) => [labels[label as never], value])).toEqual(
    words.map((word) => [word, 0]),
  );
});
