import { describe, expect, test } from "@jest/globals";
import type { Finding } from "../../../../src/doctor/finding.ts";
import { judgeProbe, type ProbeAnswer } from "../../../../src/doctor/probe/probeChecks.ts";
import { probeRequests } from "../../../../src/doctor/probe/probeRequests.ts";
import { parseAnswer } from "../../../../src/doctor/probe/sendProbe.ts";

const bad = (findings: readonly Finding[]) =>
  findings.filter(({ severity }) => severity !== "ok").map(({ id, severity }) => `${severity} ${id}`);

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
