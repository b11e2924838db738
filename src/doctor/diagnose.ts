import { checkEnvoy } from "./envoy/envoyChecks.ts";
import type { EnvoySnapshot, Expected } from "./envoy/envoySnapshot.ts";
import type { Finding, SourceResult } from "./finding.ts";
import { checkKubernetes, unexpiredVerifiers } from "./kubernetes/kubernetesChecks.ts";
import type { KubernetesSnapshot } from "./kubernetes/kubernetesSnapshot.ts";
import { readEnvoyAdmin, readEnvoyFile, readProcess } from "./sources.ts";
import { sampleTraffic, type TrafficDeps, type TrafficOptions } from "./traffic.ts";
import { checkNonces } from "./verifier/nonceChecks.ts";
import { checkVerifier, type ProcessSnapshot, runsVersion } from "./verifier/processChecks.ts";
import { checkProxy, everyProcessIsAsked, type ProxyCounts, sumOf } from "./verifier/proxyChecks.ts";

/** What to read. */
export interface Sources extends TrafficOptions {
  readonly envoyAdmin?: readonly string[];
  readonly envoyConfig?: readonly string[];
  readonly authzCluster?: string;
  readonly verifier?: readonly string[];
  readonly operator?: readonly string[];
}

export interface DiagnosisDeps extends TrafficDeps {
  /** Undefined when no cluster is to be read. */
  readonly readKubernetes?: () => Promise<SourceResult<KubernetesSnapshot>>;
}

/** Reads all sources, also when one of them cannot be read, checks each, and compares them. `version` is this program's. */
export async function diagnose(
  sources: Sources,
  version: string,
  deps: DiagnosisDeps,
): Promise<readonly Finding[]> {
  const clusters = deps.readKubernetes ? [await deps.readKubernetes()] : [];
  const verifiers = await readEach(sources.verifier, readProcess);
  const operators = await readEach(sources.operator, readProcess);
  const traffic = await sampleTraffic(sources, valuesOf(verifiers), deps);
  const envoys = [
    ...(await readEach(sources.envoyAdmin, readEnvoyAdmin)),
    ...(await readEach(sources.envoyConfig, readEnvoyFile)),
  ];
  const expected = expectedOf(valuesOf(verifiers), valuesOf(clusters));
  return [
    ...[...clusters, ...verifiers, ...operators, ...envoys].flatMap(({ findings }) => findings),
    ...valuesOf(clusters).flatMap(checkKubernetes),
    ...valuesOf(operators).map(({ where, samples }) => runsVersion(where, samples, version)),
    ...valuesOf(verifiers).flatMap((verifier) => checkVerifier(verifier, version)),
    ...valuesOf(verifiers).flatMap((verifier) => checkNonces(verifier, expected.processes)),
    ...valuesOf(envoys).flatMap((envoy) => checkEnvoy(envoy, expected, sources.authzCluster)),
    ...traffic.findings,
    ...checkTraffic(traffic.counts, valuesOf(envoys)),
  ];
}

/** Checks what the proxies have sent to all verifiers together, and to each. */
function checkTraffic(
  processes: readonly ProxyCounts[],
  envoys: readonly EnvoySnapshot[],
): readonly Finding[] {
  const [first] = processes;
  if (!first) return [];
  const where = `checks at ${processes.map((one) => one.where).join(", ")}`;
  const counts = sumOf(processes.map((one) => one.counts));
  const namesApis = envoys.some(({ managers }) => JSON.stringify(managers).includes('"context_extensions"'));
  return [...checkProxy({ ...first, where, counts }, namesApis), ...everyProcessIsAsked(processes)];
}

function expectedOf(
  verifiers: readonly ProcessSnapshot[],
  clusters: readonly KubernetesSnapshot[],
): Expected {
  const leases = clusters.flatMap(unexpiredVerifiers).length;
  const limits = verifiers.flatMap(({ samples }) => samples.value("countersign_max_request_bytes") ?? []);
  return {
    processes: Math.max(verifiers.length, leases),
    ...(limits.length > 0 ? { maxRequestBytes: Math.min(...limits) } : {}),
  };
}

async function readEach<T>(
  names: readonly string[] | undefined,
  read: (name: string) => Promise<SourceResult<T>>,
): Promise<readonly SourceResult<T>[]> {
  return await Promise.all((names ?? []).map(read));
}

function valuesOf<T>(results: readonly SourceResult<T>[]): readonly T[] {
  return results.flatMap((result) => (result.ok ? [result.value] : []));
}
