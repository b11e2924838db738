import { describe, expect, test } from "@jest/globals";
import type { Finding } from "../../../../src/doctor/finding.ts";
import { judgeProbe, type ProbeResponse } from "../../../../src/doctor/probe/probeChecks.ts";
import { probeRequests } from "../../../../src/doctor/probe/probeRequests.ts";
import { parseResponse } from "../../../../src/doctor/probe/sendProbe.ts";

const bad = (findings: readonly Finding[]) =>
  findings.filter(({ severity }) => severity !== "ok").map(({ id, severity }) => `${severity} ${id}`);

describe("a response to a probe", () => {
  const [plain, ...others] = probeRequests("api.shop.example.com", "/orders", new Date(0));
  const odd = others.find(({ isUnnormalised }) => isUnnormalised);
  if (!plain || !odd) throw new Error("a kind of probe is missing");
  const response = (status: number, body = "", headers: [string, string][] = []): ProbeResponse => ({
    status,
    body,
    headers: new Map(headers),
  });
  const denial = (code: string) => JSON.stringify({ message: "…", code });
  const fromUpstream: [string, string][] = [["x-envoy-upstream-service-time", "1"]];

  const cases: Record<string, [typeof plain, ProbeResponse, readonly string[]]> = {
    "is the verifier's denial": [plain, response(401, denial("AuthorizationMissing")), []],
    "is the verifier's denial of the path": [
      odd,
      response(400, denial("UnsafePath")),
      ["error path-not-normalised"],
    ],
    "is Envoy's rejection of the path": [odd, response(400), []],
    "is a 200": [plain, response(200, "{}"), ["error probe-unprotected"]],
    "is an upstream's 404": [plain, response(404, "", fromUpstream), ["error probe-unprotected"]],
    "is an upstream's own 401": [
      plain,
      response(401, denial("Nope"), fromUpstream),
      ["error probe-unprotected"],
    ],
    "is Envoy's 404": [plain, response(404), ["warning probe-refused-elsewhere"]],
    "is a redirect": [plain, response(301), ["warning probe-refused-elsewhere"]],
    "is Envoy's 403 for an error": [plain, response(403), ["error probe-not-ready"]],
    "is the verifier's 503": [plain, response(503, denial("NotReady")), ["error probe-not-ready"]],
  };
  test.each(Object.entries(cases))("%s", (_, [probe, given, expected]) => {
    expect(bad(judgeProbe("p", probe, given))).toEqual(expected);
  });

  test("is read with its headers, and nothing else is a response", () => {
    const read = parseResponse(Buffer.from("HTTP/1.1 401 Unauthorized\r\nDate: x\r\n\r\n{}"));
    expect(read).toEqual({ status: 401, headers: new Map([["date", "x"]]), body: "{}" });
    expect(parseResponse(Buffer.from("SSH-2.0\r\n\r\n"))).toBeUndefined();
  });
});
