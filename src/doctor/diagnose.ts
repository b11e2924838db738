import { systemClock } from "../base/clock.ts";
import { checkEnvoy } from "./envoy/envoyChecks.ts";
import type { EnvoyModel, Expected } from "./envoy/envoySnapshot.ts";
import type { Finding } from "./finding.ts";
import { checkCluster, liveVerifiers } from "./kubernetes/kubernetesChecks.ts";
import type { ClusterSeen } from "./kubernetes/kubernetesSnapshot.ts";
import { type Look, lookAtConfig, lookAtEnvoy, lookAtProcess, lookByProbes } from "./sources.ts";
import { type ProcessSeen, sameVersion, verifierIsSound } from "./verifier/processChecks.ts";
import {
  everyProcessIsAsked,
  type Observed,
  observedIn,
  proxyIsSound,
  sumOf,
} from "./verifier/proxyChecks.ts";

/** What to look at. */
export interface Sources {
  readonly envoyAdmin?: readonly string[];
  readonly envoyConfig?: readonly string[];
  readonly authzCluster?: string;
  readonly verifier?: readonly string[];
  readonly operator?: readonly string[];
  readonly probe?: string;
  readonly host?: readonly string[];
  readonly probePath: string;
  /** Milliseconds; 0 judges all Checks since the start. */
  readonly sample: number;
}

export interface Surroundings {
  /** Tells a person what is going on. */
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  /** Absent when no cluster is to be looked at. */
  readonly lookAtCluster?: () => Promise<Look<ClusterSeen>>;
}

/** Looks at all sources, each even when another one cannot be looked at, and compares what they say. */
export async function examine(
  sources: Sources,
  version: string,
  surroundings: Surroundings,
): Promise<readonly Finding[]> {
  const clusters = surroundings.lookAtCluster ? [await surroundings.lookAtCluster()] : [];
  const verifiers = await all(sources.verifier, lookAtProcess);
  const operators = await all(sources.operator, lookAtProcess);
  const live = await lookLive(sources, verifiers, surroundings);
  const envoys = [
    ...(await all(sources.envoyAdmin, lookAtEnvoy)),
    ...(await all(sources.envoyConfig, lookAtConfig)),
  ];
  const expected = expectedOf(valuesOf(verifiers), valuesOf(clusters));
  const models = valuesOf(envoys);
  return [
    ...[...clusters, ...verifiers, ...operators, ...envoys].flatMap(({ findings }) => findings),
    ...valuesOf(clusters).flatMap(checkCluster),
    ...valuesOf(operators).map(({ where, samples }) => sameVersion(where, samples, version)),
    ...valuesOf(verifiers).flatMap((seen) => verifierIsSound(seen, version)),
    ...models.flatMap((model) => checkEnvoy(model, expected, sources.authzCluster)),
    ...live.findings,
    ...judgeObserved(live.observed, models),
  ];
}

/** Sends the probes, waits for the sample, and looks at the verifiers again; without either, at all since their start. */
async function lookLive(
  { probe, host, probePath, sample }: Sources,
  before: readonly Look<ProcessSeen>[],
  { say, signal }: Surroundings,
): Promise<{ readonly findings: readonly Finding[]; readonly observed: readonly Observed[] }> {
  const findings: Finding[] = [];
  for (const name of host ?? []) {
    say(`probing ${probe} for ${name}`);
    findings.push(...(await lookByProbes(new URL(probe ?? ""), name, probePath)));
  }
  if (sample > 0) say(`watching checks for ${sample / 1_000} s`);
  await systemClock.sleep(sample, signal);
  const isSampled = probe !== undefined || sample > 0;
  const during = isSampled ? "while doctor looked" : "since its start";
  const observed: Observed[] = [];
  for (const { where, url, samples } of valuesOf(before)) {
    const now = isSampled ? await lookAtProcess(url) : undefined;
    if (now && !now.ok) findings.push(...now.findings);
    const counts = now?.ok ? observedIn(now.value.samples, samples) : observedIn(samples);
    if (!now || now.ok) observed.push({ where, during, counts });
  }
  return { findings, observed };
}

function judgeObserved(observed: readonly Observed[], envoys: readonly EnvoyModel[]): readonly Finding[] {
  const [first] = observed;
  if (!first) return [];
  const where = `checks at ${observed.map((one) => one.where).join(", ")}`;
  const counts = sumOf(observed.map((one) => one.counts));
  const namesApis = envoys.some(({ managers }) => JSON.stringify(managers).includes('"context_extensions"'));
  return [...proxyIsSound({ ...first, where, counts }, namesApis), ...everyProcessIsAsked(observed)];
}

function expectedOf(verifiers: readonly ProcessSeen[], clusters: readonly ClusterSeen[]): Expected {
  const leases = clusters.flatMap(liveVerifiers).length;
  const limits = verifiers.flatMap(({ samples }) => samples.value("countersign_max_request_bytes") ?? []);
  return {
    processes: Math.max(verifiers.length, leases),
    ...(limits.length > 0 ? { maxRequestBytes: Math.min(...limits) } : {}),
  };
}

async function all<T>(
  names: readonly string[] | undefined,
  look: (name: string) => Promise<Look<T>>,
): Promise<readonly Look<T>[]> {
  return await Promise.all((names ?? []).map(look));
}

function valuesOf<T>(looks: readonly Look<T>[]): readonly T[] {
  return looks.flatMap((look) => (look.ok ? [look.value] : []));
}
