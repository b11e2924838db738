import { readFile } from "node:fs/promises";
import { parseAllDocuments } from "yaml";
import { parseTime } from "../base/timestamp.ts";
import { answeredInTime } from "./clockSkew.ts";
import { ADMIN_PATHS, readLive } from "./envoy/adminInterface.ts";
import type { EnvoyModel } from "./envoy/envoySnapshot.ts";
import { readEnvoy } from "./envoy/readEnvoy.ts";
import { type Finding, unseen } from "./finding.ts";
import { get, getJson, Unreachable } from "./httpGet.ts";
import { judgeProbe } from "./probe/probeChecks.ts";
import { probeRequests } from "./probe/probeRequests.ts";
import { sendProbe } from "./probe/sendProbe.ts";
import { Samples } from "./verifier/metricSamples.ts";
import type { ProcessSeen } from "./verifier/processChecks.ts";

/** What was seen of one part, or why nothing was. */
export type Look<T> =
  | { readonly ok: true; readonly value: T; readonly findings: readonly Finding[] }
  | { readonly ok: false; readonly findings: readonly Finding[] };

export function lookAtEnvoy(url: string): Promise<Look<EnvoyModel>> {
  return looking(
    url,
    "the address of Envoy's admin interface, such as http://127.0.0.1:9901",
    async (source) => {
      const ask = (path: string) => getJson(`${url}${path}`);
      const dump = await ask(ADMIN_PATHS.configDump);
      const [serverInfo, clusters, stats] = await Promise.all([
        ask(ADMIN_PATHS.serverInfo),
        ask(ADMIN_PATHS.clusters),
        ask(ADMIN_PATHS.stats),
      ]);
      return { value: readEnvoy(source, [dump], readLive({ serverInfo, clusters, stats })), findings: [] };
    },
  );
}

export async function lookAtConfig(file: string): Promise<Look<EnvoyModel>> {
  const write = "a file of Envoy's configuration, YAML or JSON";
  try {
    const documents = parseAllDocuments(await readFile(file, "utf8"), { merge: true });
    const wrong = "empty" in documents ? undefined : documents.flatMap(({ errors }) => errors)[0];
    if (wrong) return { ok: false, findings: [unseen(file, wrong.message.split("\n")[0] ?? "", write)] };
    const values = [...documents].map((document) => document.toJS());
    return { ok: true, value: readEnvoy(file, values), findings: [] };
  } catch {
    return { ok: false, findings: [unseen(file, "it cannot be read", write)] };
  }
}

/** A process by its metrics port. */
export function lookAtProcess(url: string): Promise<Look<ProcessSeen>> {
  return looking(url, "the address of --metrics-listen, such as http://127.0.0.1:9090", async (where) => {
    const metrics = await get(`${url}/metrics`);
    if (metrics.status !== 200) throw new Unreachable(`${url}/metrics was answered ${metrics.status}`);
    const isReady = (await get(`${url}/readyz`)).status === 200;
    const samples = Samples.of(metrics.body);
    return { value: { where, url, isReady, samples }, findings: answeredInTime(where, metrics) };
  });
}

/** Sends all probes to one host; what they were answered. */
export async function lookByProbes(url: URL, host: string, path: string): Promise<readonly Finding[]> {
  const where = `${url.origin}, host ${host}`;
  const findings: Finding[] = [];
  try {
    for (const probe of probeRequests(host, path, new Date())) {
      const began = Date.now();
      const answer = await sendProbe(url, host, probe.bytes);
      if (findings.length === 0)
        findings.push(
          ...answeredInTime(where, {
            date: parseTime(answer.headers.get("date") ?? ""),
            at: (began + Date.now()) / 2,
          }),
        );
      const judged = judgeProbe(where, probe, answer);
      findings.push(...judged);
      // What reaches an upstream might do something there: no further one is sent.
      if (judged.some(({ id, severity }) => id === "probe-unprotected" && severity === "error")) break;
    }
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    findings.push(
      unseen(where, error.message, "the address where callers connect, such as http://127.0.0.1:8080"),
    );
  }
  return findings;
}

async function looking<T>(
  url: string,
  write: string,
  look: (where: string) => Promise<{ readonly value: T; readonly findings: readonly Finding[] }>,
): Promise<Look<T>> {
  try {
    return { ok: true, ...(await look(new URL(url).host)) };
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return { ok: false, findings: [unseen(url, error.message, write)] };
  }
}
