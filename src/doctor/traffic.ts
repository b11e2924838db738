import { systemClock } from "../base/clock.ts";
import type { Finding } from "./finding.ts";
import { probeHost } from "./probe/probeHost.ts";
import { readProcess } from "./sources.ts";
import type { ProcessSnapshot } from "./verifier/processChecks.ts";
import { countSigns, type ProxyCounts } from "./verifier/proxyChecks.ts";

/** Which Checks to count, and which requests to send for it. */
export interface TrafficOptions {
  /** Where callers connect; undefined sends no probes. */
  readonly probe?: string;
  readonly host?: readonly string[];
  readonly probePath: string;
  /** Milliseconds; 0 counts all Checks since the verifiers' start. */
  readonly sample: number;
}

export interface TrafficDeps {
  /** Shows a person what doctor is doing. */
  readonly showProgress: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Sends the probes, waits for the time of the sample, and counts the Checks that the verifiers received meanwhile. Without probes and a
 * sample it counts those since their start.
 */
export async function sampleTraffic(
  { probe, host, probePath, sample }: TrafficOptions,
  verifiers: readonly ProcessSnapshot[],
  { showProgress, signal }: TrafficDeps,
): Promise<{ readonly findings: readonly Finding[]; readonly counts: readonly ProxyCounts[] }> {
  const findings: Finding[] = [];
  for (const name of host ?? []) {
    showProgress(`probing ${probe} for ${name}`);
    findings.push(...(await probeHost(new URL(probe ?? ""), name, probePath)));
  }
  if (sample > 0) showProgress(`counting Checks for ${sample / 1_000} s`);
  await systemClock.sleep(sample, signal);
  if (probe === undefined && sample === 0) return { findings, counts: verifiers.map(sinceStart) };
  const counts: ProxyCounts[] = [];
  for (const { where, url, samples } of verifiers) {
    const after = await readProcess(url);
    if (after.ok)
      counts.push({ where, during: "while doctor ran", counts: countSigns(after.value.samples, samples) });
    else findings.push(...after.findings);
  }
  return { findings, counts };
}

function sinceStart({ where, samples }: ProcessSnapshot): ProxyCounts {
  return { where, during: "since its start", counts: countSigns(samples) };
}
