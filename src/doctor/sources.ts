import { readFile } from "node:fs/promises";
import { errorCode } from "../base/errorCode.ts";
import { parseYamlFile } from "../store/files/yaml/yamlFile.ts";
import { serverClockAgrees } from "./clockSkew.ts";
import { ADMIN_PATHS, readRuntime } from "./envoy/adminInterface.ts";
import type { EnvoySnapshot } from "./envoy/envoySnapshot.ts";
import { readEnvoy } from "./envoy/readEnvoy.ts";
import { cannotLook, type Finding, type SourceResult } from "./finding.ts";
import { httpGet, httpGetJson, Unreachable } from "./httpGet.ts";
import { MetricSamples } from "./verifier/metricSamples.ts";
import type { ProcessSnapshot } from "./verifier/processChecks.ts";

/** Reads a running Envoy by its admin interface. */
export function readEnvoyAdmin(url: string): Promise<SourceResult<EnvoySnapshot>> {
  const write = "the address of Envoy's admin interface, such as http://127.0.0.1:9901";
  return readServer(url, write, async (source) => {
    const get = (path: string) => httpGetJson(`${url}${path}`);
    const dump = await get(ADMIN_PATHS.configDump);
    const [serverInfo, clusters, stats] = await Promise.all([
      get(ADMIN_PATHS.serverInfo),
      get(ADMIN_PATHS.clusters),
      get(ADMIN_PATHS.stats),
    ]);
    return { value: readEnvoy(source, [dump], readRuntime({ serverInfo, clusters, stats })), findings: [] };
  });
}

/** Reads a file of Envoy's configuration. */
export async function readEnvoyFile(file: string): Promise<SourceResult<EnvoySnapshot>> {
  const failed = (seen: string): SourceResult<EnvoySnapshot> => ({
    ok: false,
    findings: [cannotLook(file, seen, "a file of Envoy's configuration, YAML or JSON")],
  });
  try {
    const { objects, problems } = parseYamlFile(file, await readFile(file, "utf8"));
    const [problem] = problems;
    if (problem) return failed(`line ${problem.line} ${problem.message}`);
    const documents = objects.map(({ value }) => value);
    return { ok: true, value: readEnvoy(file, documents), findings: [] };
  } catch (error) {
    return failed(`it cannot be read (${errorCode(error)})`);
  }
}

/** Reads an operator, a verifier or a standalone process by its metrics port. */
export function readProcess(url: string): Promise<SourceResult<ProcessSnapshot>> {
  const write = "the address of --metrics-listen, such as http://127.0.0.1:9090";
  return readServer(url, write, async (where) => {
    const metrics = await httpGet(`${url}/metrics`);
    if (metrics.status !== 200) throw new Unreachable(`${url}/metrics returned ${metrics.status}`);
    const isReady = (await httpGet(`${url}/readyz`)).status === 200;
    const samples = MetricSamples.of(metrics.body);
    return { value: { where, url, isReady, samples }, findings: serverClockAgrees(where, metrics) };
  });
}

async function readServer<T>(
  url: string,
  write: string,
  read: (where: string) => Promise<{ readonly value: T; readonly findings: readonly Finding[] }>,
): Promise<SourceResult<T>> {
  try {
    return { ok: true, ...(await read(new URL(url).host)) };
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return { ok: false, findings: [cannotLook(url, error.message, write)] };
  }
}
