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
What stays: all Applications, ApiGrants and ApiDomains, their credentials Secrets, and the projections, so that verifiers go on
answering until they are removed too, and an operator that is installed again goes on with the same ids and keys.
What is no longer true: nothing waits for a verifier when an object is deleted.

Examples:
  $ countersign uninstall --dry-run
  $ countersign uninstall && kubectl delete -k manifests
`;

/** `countersign uninstall`: stops every operator, and lets go of every object. */
export function uninstallCommand(): Command {
  const command = new Command("uninstall")
    .summary("stop every operator and take our finalizers from all objects")
    .description(
      "Takes the operators' leader Lease, so that none of them works any more, and removes the finalizer countersign.dev/programmed from every object, so that objects and namespaces can be deleted without an operator.",
    );
  for (const option of [...clusterOptions(), systemNamespaceOption(), classOption()])
    command.addOption(option);
  return command
    .option("--dry-run", "say what would be done, and do nothing")
    .addOption(
      durationOption(
        "--hold <duration>",
        "how long the operators that run now may not lead again; one whose Pod is created later leads at once",
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
    const work = flags.dryRun ? tell(connection, flags.class) : letGo(connection, flags, signal);
    await Promise.race([work, aborted(signal)]);
    signal.throwIfAborted();
  } catch (error) {
    if (signal.aborted)
      throw interrupted(signal, "interrupted: run it again, and it continues where it stopped");
    if (!(error instanceof StoreUnavailable)) throw error;
    throw new CliFailure(`${error.message}: mend that and run it again, it goes on where it stopped`);
  } finally {
    await connection.close();
  }
}

async function tell(connection: Connection, className: string): Promise<void> {
  const { finalized } = await import("../../../store/kube/finalizers.ts");
  for (const kind of KINDS) {
    const found = await finalized(connection, kind, className);
    say(`would take the finalizer from ${found.length} ${kind} objects`);
  }
}

async function letGo(connection: Connection, flags: Flags, signal: AbortSignal): Promise<void> {
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
    say(`took the leader Lease; waiting ${Math.ceil(wait / 1_000)} s until the operator has stopped`);
  await systemClock.sleep(wait, signal);
  for (const kind of KINDS) {
    const removed = await removeFinalizers(connection, kind, flags.class, signal);
    say(`took the finalizer from ${removed} ${kind} objects`);
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
