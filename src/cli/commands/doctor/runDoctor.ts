import { diagnose, type Sources } from "../../../doctor/diagnose.ts";
import type { Finding } from "../../../doctor/finding.ts";
import { accepting, exitStatus, jsonReport, textReport } from "../../../doctor/findingReport.ts";
import { readKubernetes } from "../../../doctor/kubernetes/readKubernetes.ts";
import type { Connection } from "../../../store/kube/connection.ts";
import { connect } from "../../shared/connect.ts";
import { CliFailure, USAGE } from "../../shared/failure.ts";
import type { ClusterFlags } from "../../shared/flags/clusterFlags.ts";
import { writeOutput } from "../../shared/output.ts";
import { packageVersion } from "../../shared/packageVersion.ts";
import { aborted, interrupted, untilSignal } from "../../shared/untilSignal.ts";

export interface DoctorFlags extends Sources, ClusterFlags {
  readonly cluster?: boolean;
  readonly systemNamespace: string;
  readonly operatorAccount: string;
  readonly verifierAccount: string;
  readonly accept?: readonly string[];
  readonly verbose?: boolean;
  readonly output: "text" | "json";
}

/** Checks the sources that the flags name, and prints the report. Sets the exit status. */
export async function runDoctor(flags: DoctorFlags): Promise<void> {
  const signal = untilSignal();
  const connection = readsCluster(flags) ? await connectTo(flags) : undefined;
  const diagnosis = diagnose(flags, packageVersion(), {
    signal,
    showProgress,
    ...(connection ? { readKubernetes: () => readKubernetes(connection, flags) } : {}),
  });
  const findings = await Promise.race([diagnosis, aborted(signal)]).finally(() => connection?.close());
  if (signal.aborted || !findings) throw interrupted(signal);
  await print(accepting(findings, new Set(flags.accept)), flags);
}

async function print(findings: readonly Finding[], { output, verbose }: DoctorFlags): Promise<void> {
  const report =
    output === "text" ? textReport(findings, verbose === true) : jsonReport(findings, packageVersion());
  await writeOutput(`${report}\n`);
  process.exitCode = exitStatus(findings);
}

function showProgress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${line}\n`);
}

/** The cluster is the default source. */
function readsCluster(flags: DoctorFlags): boolean {
  const others = [flags.envoyAdmin, flags.envoyConfig, flags.verifier, flags.operator, flags.probe];
  const isNamed = flags.cluster === true || flags.kubeconfig !== undefined || flags.context !== undefined;
  return isNamed || others.every((source) => source === undefined);
}

async function connectTo(flags: DoctorFlags): Promise<Connection> {
  try {
    return (await connect(flags)).connection;
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error;
    throw new CliFailure(
      `${error.message}; to check something else than a cluster, name it (add --help for examples)`,
      USAGE,
    );
  }
}
