import { DECISION_CODES } from "../../../api/vocabulary.ts";
import type { MetricsView, VerifierDecisions } from "../../../console/view/metrics.ts";
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
  return { verifier, decisions: Object.fromEntries(counts.filter(([, count]) => count > 0)) };
}
