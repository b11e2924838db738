import { parseTime } from "../../base/timestamp.ts";
import { serverClockAgrees } from "../clockSkew.ts";
import { cannotLook, type Finding } from "../finding.ts";
import { Unreachable } from "../httpGet.ts";
import { isUnprotected, judgeProbe } from "./probeChecks.ts";
import { type ProbeRequest, probeRequests } from "./probeRequests.ts";
import { sendProbe } from "./sendProbe.ts";

/** Sends the probes for one host, and judges the responses. No probe is sent after one that reached the upstream. */
export async function probeHost(url: URL, host: string, path: string): Promise<readonly Finding[]> {
  const where = `${url.origin}, host ${host}`;
  const findings: Finding[] = [];
  try {
    for (const probe of probeRequests(host, path, new Date())) {
      const { judged, clock } = await probeOnce(url, host, probe, where);
      if (findings.length === 0) findings.push(...clock);
      findings.push(...judged);
      // A request that reaches an upstream might have an effect there.
      if (judged.some(isUnprotected)) break;
    }
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    const write = "the address where callers connect, such as http://127.0.0.1:8080";
    findings.push(cannotLook(where, error.message, write));
  }
  return findings;
}

async function probeOnce(url: URL, host: string, probe: ProbeRequest, where: string) {
  const began = Date.now();
  const response = await sendProbe(url, host, probe.bytes);
  const date = parseTime(response.headers.get("date") ?? "");
  return {
    judged: judgeProbe(where, probe, response),
    clock: serverClockAgrees(where, { date, at: (began + Date.now()) / 2 }),
  };
}
