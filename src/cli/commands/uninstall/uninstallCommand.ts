import { randomUUID } from "node:crypto";
import { Command } from "commander";
import { LEADER_LEASE } from "../../../api/names.ts";
import type { Kind } from "../../../api/vocabulary.ts";
import { systemClock } from "../../../base/clock.ts";
import type { Connection } from "../../../store/kube/connection.ts";
import { StoreUnavailable } from "../../../store/store.ts";
import { connect } from "../../shared/connect.ts";
import { CliFailure } from "../../shared/failure.ts";
import {
  type ClusterFlags,
  classOption,
  clusterOptions,
  systemNamespaceOption,
} from "../../shared/flags/clusterFlags.ts";
import { durationOption } from "../../shared/flags/optionValues.ts";
import { aborted, interrupted, untilSignal } from "../../shared/untilSignal.ts";

interface Flags extends Pick<ClusterFlags, "kubeconfig" | "context" | "dataNamespace"> {
  readonly systemNamespace: string;
  readonly class: string;
  readonly dryRun?: boolean;
  /** Milliseconds. */
  readonly hold: number;
}

const KINDS: readonly Kind[] = ["ApiGrant", "ApiDomain", "Application"];

const NOTES = `
Not deleted: all Applications, ApiGrants and ApiDomains, their credentials Secrets, and the projections. So verifiers continue to
decide until they are removed too, and an operator that is installed again uses the same ids and keys.
From then on the deletion of an object does not wait for the verifiers.

Examples:
  $ countersign uninstall --dry-run
  $ countersign uninstall && kubectl delete -k manifests
`;

/** `countersign uninstall`: stops every operator, and removes the finalizer of every object. */
export function uninstallCommand(): Command {
  const command = new Command("uninstall")
    .summary("stop every operator and remove our finalizers from all objects")
    .description(
      "Takes the operators' leader Lease, so that every operator stops, and removes the finalizer countersign.dev/programmed from every object, so that objects and namespaces can be deleted without an operator.",
    );
  for (const option of [...clusterOptions(), systemNamespaceOption(), classOption()])
    command.addOption(option);
  return command
    .option("--dry-run", "print what would be done, and do nothing")
    .addOption(
      durationOption(
        "--hold <duration>",
        "how long the operators that run now may not lead again; an operator whose Pod is created later leads immediately",
        "5m",
      ),
    )
    .addHelpText("after", NOTES)
    .action(uninstall);
}

async function uninstall(flags: Flags): Promise<void> {
  const signal = untilSignal();
  const { connection } = await connect(flags);
  try {
    const work = flags.dryRun ? preview(connection, flags.class) : release(connection, flags, signal);
    await Promise.race([work, aborted(signal)]);
    signal.throwIfAborted();
  } catch (error) {
    if (signal.aborted)
      throw interrupted(signal, "interrupted: run it again, and it continues where it stopped");
    if (!(error instanceof StoreUnavailable)) throw error;
    throw new CliFailure(`${error.message}: correct that and run it again, it continues where it stopped`);
  } finally {
    await connection.close();
  }
}

async function preview(connection: Connection, className: string): Promise<void> {
  const { finalized } = await import("../../../store/kube/finalizers.ts");
  for (const kind of KINDS) {
    const found = await finalized(connection, kind, className);
    printLine(`would remove the finalizer from ${found.length} ${kind} objects`);
  }
}

async function release(connection: Connection, flags: Flags, signal: AbortSignal): Promise<void> {
  const { holdIdentity, takeLeaderLease } = await import("../../../store/kube/leases/leaderTakeover.ts");
  const { removeFinalizers } = await import("../../../store/kube/finalizers.ts");
  const options = {
    namespace: flags.systemNamespace,
    name: LEADER_LEASE,
    identity: holdIdentity(randomUUID()),
    holdSeconds: Math.max(1, Math.ceil(flags.hold / 1_000)),
    now: systemClock.wall,
  };
  const wait = await takeLeaderLease(connection, options);
  if (wait > 0)
    printLine(`took the leader Lease; waiting ${Math.ceil(wait / 1_000)} s until the operator has stopped`);
  await systemClock.sleep(wait, signal);
  for (const kind of KINDS) {
    const removed = await removeFinalizers(connection, kind, flags.class, signal);
    printLine(`removed the finalizer from ${removed} ${kind} objects`);
  }
}

function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}
