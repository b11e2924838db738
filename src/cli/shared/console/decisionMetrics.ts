import { DECISION_CODES, DENIAL_CODES } from "../../../api/vocabulary.ts";
import type { DenialCount, MetricsView, VerifierDecisions } from "../../../console/view/metrics.ts";
import { httpGet, Unreachable } from "../../../doctor/httpGet.ts";
import { MetricSamples } from "../../../doctor/verifier/metricSamples.ts";

/** Reads the decisions from the metrics ports of verifiers, such as `http://127.0.0.1:9090`. */
export async function readDecisions(urls: readonly string[], now: number): Promise<MetricsView> {
  const problems: string[] = [];
  const read = async (url: string) => {
    try {
      const { status, body } = await httpGet(`${url}/metrics`);
      if (status === 200) return [decisionsIn(new URL(url).host, body)];
      problems.push(`${url}/metrics returned ${status}`);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      problems.push(error.message);
    }
    return [];
  };
  const verifiers = (await Promise.all(urls.map(read))).flat();
  return { at: now, verifiers, problems, gaps: [] };
}

/** The decisions of one scrape. */
export function decisionsIn(verifier: string, metrics: string): VerifierDecisions {
  const samples = MetricSamples.of(metrics);
  const counts = DECISION_CODES.map(
    (code) => [code, samples.value("countersign_decisions_total", "code", code) ?? 0] as const,
  );
  const decisions = Object.fromEntries(counts.filter(([, count]) => count > 0));
  return { verifier, decisions, denials: denialsIn(samples, decisions) };
}

/** A verifier of an earlier version counts denials by code alone. */
function denialsIn(
  samples: MetricSamples,
  decisions: VerifierDecisions["decisions"],
): readonly DenialCount[] {
  const series = samples.all("countersign_denials_total");
  const codes = new Map(DENIAL_CODES.map((code) => [code as string, code]));
  if (series.length === 0)
    return DENIAL_CODES.map((code) => ({
      ...{ code, application: "", api: "" },
      count: decisions[code] ?? 0,
    })).filter(({ count }) => count > 0);
  return series.flatMap(({ labels, value: count }) => {
    const code = codes.get(labels.get("code") ?? "");
    const names = { application: labels.get("application") ?? "", api: labels.get("api") ?? "" };
    return code === undefined || count === 0 ? [] : [{ code, ...names, count }];
  });
}
