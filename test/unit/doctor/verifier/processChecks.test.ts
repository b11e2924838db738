import { describe, expect, test } from "@jest/globals";
import { Registry } from "prom-client";
import type { Finding } from "../../../../src/doctor/finding.ts";
import { MetricSamples } from "../../../../src/doctor/verifier/metricSamples.ts";
import { checkNonces } from "../../../../src/doctor/verifier/nonceChecks.ts";
import { checkVerifier } from "../../../../src/doctor/verifier/processChecks.ts";
import { checkProxy, countSigns, everyProcessIsAsked } from "../../../../src/doctor/verifier/proxyChecks.ts";
import { exposeBuildInfo } from "../../../../src/observe/metrics/buildInfo.ts";
import { verifierMetrics } from "../../../../src/observe/metrics/verifierMetrics.ts";
import { PROXY_SIGNS } from "../../../../src/observe/proxySigns.ts";

const bad = (findings: readonly Finding[]) =>
  findings.filter(({ severity }) => severity !== "ok").map(({ id, severity }) => `${severity} ${id}`);

/** The metrics of a verifier without problems, with some values changed. */
async function metrics(change: (text: string) => string = (text) => text): Promise<MetricSamples> {
  const registry = new Registry();
  exposeBuildInfo(registry, "1.2.3");
  const { ready, projections } = verifierMetrics(registry);
  ready.set(1);
  for (const kind of ["Application", "ApiGrant", "ApiDomain"]) projections.set({ kind }, 2);
  return MetricSamples.of(change(await registry.metrics()));
}

describe("doctor reports of a verifier that it", () => {
  const cases: Record<string, [(text: string) => string, boolean, readonly string[]]> = {
    "is sound": [(text) => text, true, []],
    "is not ready": [(text) => text, false, ["error verifier-not-ready"]],
    "is of another version": [
      (text) => text.replace('version="1.2.3"', 'version="1.0.0"'),
      true,
      ["warning versions-differ"],
    ],
    "is stale": [
      (text) => text.replace("staleness_seconds 0", "staleness_seconds 200"),
      true,
      ["warning verifier-stale"],
    ],
    "has no grant": [
      (text) => text.replace('{kind="ApiGrant"} 2', '{kind="ApiGrant"} 0'),
      true,
      ["warning verifier-empty"],
    ],
    "cannot read all": [
      (text) => text.replace('{kind="unreadable"} 0', '{kind="unreadable"} 1'),
      true,
      ["error verifier-unreadable"],
    ],
    "runs with --shadow": [
      (text) => text.replace("countersign_verifier_shadow 0", "countersign_verifier_shadow 1"),
      true,
      ["error verifier-shadow"],
    ],
    "has Shadow grants": [
      (text) => text.replace("shadow_grants 0", "shadow_grants 2"),
      true,
      ["warning grants-shadow"],
    ],
    "is something else": [() => "up 1\n", true, ["error cannot-look"]],
  };
  test.each(Object.entries(cases))("%s", async (_, [change, isReady, expected]) => {
    const samples = await metrics(change);
    expect(bad(checkVerifier({ where: "v", url: "http://v", isReady, samples }, "1.2.3"))).toEqual(expected);
  });
});

describe("doctor reports of the nonces of a verifier", () => {
  const store = (kind: string, value: number) =>
    `countersign_nonce_store_available{kind="${kind}"} ${value}\n`;
  const used = 'countersign_nonce_checks_total{result="first"} 7\n';
  test.each([
    ["nothing of an earlier release", used, 2, []],
    ["nothing while replay protection is not in use", store("memory", 1), 2, []],
    ["nothing of one verifier", store("memory", 1) + used, 1, []],
    ["nothing of several with one server", store("redis", 1) + used, 2, []],
    ["that several remember their own", store("memory", 1) + used, 2, ["warning nonces-not-shared"]],
    ["that the server is away", store("redis", 0) + used, 2, ["error nonce-store-away"]],
    ["that the memory is full", store("memory", 0) + used, 1, ["error nonce-store-away"]],
  ])("%s", (_, text, processes, expected) => {
    expect(bad(checkNonces({ where: "v", samples: MetricSamples.of(text) }, processes))).toEqual(expected);
  });
});

test("doctor reports how many requests passed in Shadow mode that would be denied", async () => {
  const shadowed = (code: string) => `countersign_shadowed_requests_total{code="${code}"}`;
  const samples = await metrics((text) =>
    text
      .replace("shadow_grants 0", "shadow_grants 2")
      .replace(`${shadowed("Allowed")} 0`, `${shadowed("Allowed")} 90`)
      .replace(`${shadowed("KeyUnknown")} 0`, `${shadowed("KeyUnknown")} 3`)
      .replace(`${shadowed("NoApiMatch")} 0`, `${shadowed("NoApiMatch")} 4`),
  );
  const findings = checkVerifier({ where: "v", url: "http://v", isReady: true, samples }, "1.2.3");
  expect(findings.find(({ id }) => id === "grants-shadow")?.seen).toBe(
    "2 ApiGrants with enforcement: Shadow; 7 requests that it would deny were allowed since its start",
  );
});

describe("doctor reports of the Checks that verifiers received,", () => {
  const counts = (signs: Readonly<Record<string, number>>) =>
    new Map(PROXY_SIGNS.map((sign) => [sign, signs[sign] ?? 0]));
  const received = (signs: Readonly<Record<string, number>>) => ({
    where: "v",
    during: "",
    counts: counts(signs),
  });

  const cases: Record<string, [Readonly<Record<string, number>>, readonly string[]]> = {
    "that are as they should be": [{ Check: 9, HeadersRaw: 9, BodyWhole: 3 }, []],
    "that never came": [{}, ["warning verifier-unasked"]],
    "with joined headers": [{ Check: 9, HeadersMap: 9 }, ["warning headers-joined"]],
    "without bodies": [{ Check: 9, BodyMissing: 1 }, ["error body-not-forwarded"]],
    "with parts of bodies": [{ Check: 9, BodyPartial: 1 }, ["error body-truncated"]],
    "with bodies as text": [{ Check: 9, BodyAsText: 1 }, ["error body-sanitised"]],
    "with bodies at the limit": [{ Check: 9, BodyAtLimit: 1 }, ["warning body-limit"]],
    "with odd paths": [{ Check: 9, PathNotNormalised: 1 }, ["error path-not-normalised"]],
    "with little time now and then": [{ Check: 99, DeadlineShort: 1 }, ["warning timeout-too-short"]],
    "with little time": [{ Check: 9, DeadlineShort: 9 }, ["error timeout-too-short"]],
  };
  test.each(Object.entries(cases))("%s", (_, [signs, expected]) => {
    expect(bad(checkProxy(received(signs), false))).toEqual(expected);
  });

  test("that never named an API, where routes are meant to", () => {
    expect(bad(checkProxy(received({ Check: 9 }), true))).toEqual(["warning context-never-sent"]);
    expect(bad(checkProxy(received({ Check: 9, ContextExtensions: 1 }), true))).toEqual([]);
  });

  test("that all went to one of two processes", () => {
    const [busy, idle] = [received({ Check: 40 }), received({})];
    expect(bad(everyProcessIsAsked([busy, idle]))).toEqual(["error endpoints-too-few"]);
    expect(everyProcessIsAsked([received({ Check: 5 }), idle])).toEqual([]);
    expect(everyProcessIsAsked([busy])).toEqual([]);
  });

  test("are those of the sample alone", async () => {
    const at = (n: number) => (text: string) => text.replace('{sign="Check"} 0', `{sign="Check"} ${n}`);
    const [before, after] = [await metrics(at(7)), await metrics(at(10))];
    expect([countSigns(after).get("Check"), countSigns(after, before).get("Check")]).toEqual([10, 3]);
  });
});
