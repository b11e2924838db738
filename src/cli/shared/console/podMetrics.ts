import type { MetricsView } from "../../../console/view/metrics.ts";
import type { Connection } from "../../../store/kube/connection.ts";
import type { LeaseSnapshot } from "../../../store/kube/leases/leaseSnapshot.ts";
import { podsPath } from "../../../store/kube/paths.ts";
import { StoreUnavailable } from "../../../store/store.ts";
import { decisionsIn } from "./decisionMetrics.ts";

/** The metrics port of the chart's verifiers. */
const PORT = 9_090;
const SILENCE_MS = 10_000;

/** Reads the decisions of verifiers in Pods through the API server, which needs the right to `pods/proxy`. */
export async function readPodDecisions(
  connection: Connection,
  leases: readonly LeaseSnapshot[],
  now: number,
): Promise<MetricsView> {
  const problems: string[] = [];
  const forbidden = new Set<string>();
  const read = async ({ pod }: LeaseSnapshot) => {
    if (!pod) return [];
    const { status, text } = await scrape(
      connection,
      `${podsPath(pod.namespace)}/${pod.name}:${PORT}/proxy/metrics`,
    );
    if (status === 200) return [decisionsIn(pod.name, text)];
    if (status === 403) forbidden.add(pod.namespace);
    else problems.push(`${pod.namespace}/${pod.name}: ${status === 0 ? text : `status ${status}`}`);
    return [];
  };
  const verifiers = (await Promise.all(leases.map(read))).flat();
  const gaps = [...forbidden].map((namespace) => ({
    resource: `pods/proxy in ${namespace}`,
    reason: "forbidden" as const,
    commands: rights(namespace),
  }));
  return { at: now, verifiers, problems, gaps };
}

async function scrape(
  connection: Connection,
  path: string,
): Promise<{ readonly status: number; readonly text: string }> {
  try {
    const { status, chunks } = await connection.stream(path, { accept: "text/plain" }, SILENCE_MS);
    const parts: Uint8Array[] = [];
    for await (const chunk of chunks) parts.push(chunk);
    return { status, text: Buffer.concat(parts).toString("utf8") };
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    return { status: 0, text: error.message };
  }
}

function rights(namespace: string): readonly string[] {
  const name = "countersign-console-metrics";
  return [
    `kubectl create role ${name} -n ${namespace} --verb=get --resource=pods/proxy`,
    `kubectl create rolebinding ${name} -n ${namespace} --role=${name} --user='<your user>'`,
  ];
}
