import { describe, expect, test } from "@jest/globals";
import { Registry } from "prom-client";
import { clocksAgree } from "../../../../src/cli/doctor/clock.ts";
import type { Finding } from "../../../../src/cli/doctor/finding.ts";
import { judgeProbe, type ProbeAnswer } from "../../../../src/cli/doctor/probe/answers.ts";
import { probeRequests } from "../../../../src/cli/doctor/probe/requests.ts";
import { parseAnswer } from "../../../../src/cli/doctor/probe/send.ts";
import { exitStatus } from "../../../../src/cli/doctor/report.ts";
import { verifierIsSound } from "../../../../src/cli/doctor/verifier/checks.ts";
import {
  everyProcessIsAsked,
  observedIn,
  proxyIsSound,
} from "../../../../src/cli/doctor/verifier/observed.ts";
import { Samples } from "../../../../src/cli/doctor/verifier/samples.ts";
import { exposeBuildInfo } from "../../../../src/observe/buildInfo.ts";
import { PROXY_SIGNS } from "../../../../src/observe/proxySigns.ts";
import { verifierMetrics } from "../../../../src/observe/verifierMetrics.ts";

const bad = (findings: readonly Finding[]) =>
  findings.filter(({ severity }) => severity !== "ok").map(({ id, severity }) => `${severity} ${id}`);

/** What the metrics port of a sound verifier says, with some values changed. */
async function metrics(change: (text: string) => string = (text) => text): Promise<Samples> {
  const registry = new Registry();
  exposeBuildInfo(registry, "1.2.3");
  const { ready, projections } = verifierMetrics(registry);
  ready.set(1);
  for (const kind of ["Application", "ApiGrant", "ApiDomain"]) projections.set({ kind }, 2);
  return Samples.of(change(await registry.metrics()));
}

describe("a verifier's process", () => {
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
    "is something else": [() => "up 1\n", true, ["error cannot-look"]],
  };
  test.each(Object.entries(cases))("%s", async (_, [change, isReady, expected]) => {
    const samples = await metrics(change);
    expect(bad(verifierIsSound({ where: "v", url: "http://v", isReady, samples }, "1.2.3"))).toEqual(
      expected,
    );
  });
});

describe("live checks", () => {
  const counts = (seen: Readonly<Record<string, number>>) =>
    new Map(PROXY_SIGNS.map((sign) => [sign, seen[sign] ?? 0]));
  const observed = (seen: Readonly<Record<string, number>>) => ({
    where: "v",
    during: "",
    counts: counts(seen),
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
  test.each(Object.entries(cases))("%s", (_, [seen, expected]) => {
    expect(bad(proxyIsSound(observed(seen), false))).toEqual(expected);
  });

  test("that never named an API, where routes are meant to", () => {
    expect(bad(proxyIsSound(observed({ Check: 9 }), true))).toEqual(["warning context-never-sent"]);
    expect(bad(proxyIsSound(observed({ Check: 9, ContextExtensions: 1 }), true))).toEqual([]);
  });

  test("that all went to one of two processes", () => {
    const [busy, idle] = [observed({ Check: 40 }), observed({})];
    expect(bad(everyProcessIsAsked([busy, idle]))).toEqual(["error endpoints-too-few"]);
    expect(everyProcessIsAsked([observed({ Check: 5 }), idle])).toEqual([]);
    expect(everyProcessIsAsked([busy])).toEqual([]);
  });

  test("are those of the sample alone", async () => {
    const at = (n: number) => (text: string) => text.replace('{sign="Check"} 0', `{sign="Check"} ${n}`);
    const [before, after] = [await metrics(at(7)), await metrics(at(10))];
    expect([observedIn(after).get("Check"), observedIn(after, before).get("Check")]).toEqual([10, 3]);
  });
});

describe("an answer to a probe", () => {
  const [plain, ...others] = probeRequests("api.shop.example.com", "/orders", new Date(0));
  const odd = others.find(({ isOdd }) => isOdd);
  if (!plain || !odd) throw new Error("the probes lack one");
  const answer = (status: number, body = "", headers: [string, string][] = []): ProbeAnswer => ({
    status,
    body,
    headers: new Map(headers),
  });
  const denial = (code: string) => JSON.stringify({ message: "…", code });
  const fromUpstream: [string, string][] = [["x-envoy-upstream-service-time", "1"]];

  const cases: Record<string, [typeof plain, ProbeAnswer, readonly string[]]> = {
    "is the verifier's refusal": [plain, answer(401, denial("AuthorizationMissing")), []],
    "is the verifier's refusal of the path": [
      odd,
      answer(400, denial("UnsafePath")),
      ["error path-not-normalised"],
    ],
    "is Envoy's refusal of the path": [odd, answer(400), []],
    "is a 200": [plain, answer(200, "{}"), ["error probe-unprotected"]],
    "is an upstream's 404": [plain, answer(404, "", fromUpstream), ["error probe-unprotected"]],
    "is an upstream's own 401": [
      plain,
      answer(401, denial("Nope"), fromUpstream),
      ["error probe-unprotected"],
    ],
    "is Envoy's 404": [plain, answer(404), ["warning probe-refused-elsewhere"]],
    "is a redirect": [plain, answer(301), ["warning probe-refused-elsewhere"]],
    "is Envoy's 403 for an error": [plain, answer(403), ["error probe-not-ready"]],
    "is the verifier's 503": [plain, answer(503, denial("NotReady")), ["error probe-not-ready"]],
  };
  test.each(Object.entries(cases))("%s", (_, [probe, given, expected]) => {
    expect(bad(judgeProbe("p", probe, given))).toEqual(expected);
  });

  test("is read with its headers, and nothing else is an answer", () => {
    const read = parseAnswer(Buffer.from("HTTP/1.1 401 Unauthorized\r\nDate: x\r\n\r\n{}"));
    expect(read).toEqual({ status: 401, headers: new Map([["date", "x"]]), body: "{}" });
    expect(parseAnswer(Buffer.from("SSH-2.0\r\n\r\n"))).toBeUndefined();
  });
});

describe("clocks", () => {
  const cases: Record<string, [number, string]> = {
    "that differ by the noise of a Date header": [-1_900, "ok"],
    "that differ by some seconds": [8_000, "warning"],
    "that differ by minutes": [-120_000, "error"],
  };
  test.each(Object.entries(cases))("%s", (_, [ahead, severity]) => {
    expect(clocksAgree("v", ahead, "ours").severity).toBe(severity);
  });
});

test("the exit status tells problems from what could not be looked at", () => {
  const finding = (id: Finding["id"], severity: Finding["severity"]): Finding => ({
    id,
    severity,
    where: "",
    seen: "",
  });
  expect(exitStatus([finding("body-limit", "ok"), finding("headers-joined", "warning")])).toBe(0);
  expect(exitStatus([finding("cannot-look", "error")])).toBe(2);
  expect(exitStatus([finding("cannot-look", "error"), finding("body-limit", "error")])).toBe(1);
});
