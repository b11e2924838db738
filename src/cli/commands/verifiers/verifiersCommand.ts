import { Command, Option } from "commander";
import type { Connection } from "../../../store/kube/connection.ts";
import { leasesPath, objectPath } from "../../../store/kube/paths.ts";
import { StoreUnavailable } from "../../../store/store.ts";
import { connect } from "../../shared/connect.ts";
import { CliFailure } from "../../shared/failure.ts";
import { type ClusterFlags, clusterOptions } from "../../shared/flags/clusterFlags.ts";
import { aborted, interrupted, untilSignal } from "../../shared/untilSignal.ts";
import { type ListedVerifier, listVerifiers } from "../../shared/verifiers/verifierList.ts";
import { readLeases, takeSnapshot } from "../../shared/verifiers/verifierSnapshot.ts";
import { ageText, verifierJson, verifierTable } from "./verifierTable.ts";

interface ListFlags extends ClusterFlags {
  readonly output: "text" | "json";
}

interface ForgetFlags extends ClusterFlags {
  readonly force?: boolean;
}

const NOTES = `
STATE:
  live     renewed its Lease in the last 30 s
  silent   did not, and may still decide from stale projections: deletions and revocations wait for it, additions do not
  ended    its Pod has ended, or its Lease has expired; no change waits for it
LAG is the number of changes that a verifier has not applied, and the age of the oldest of them.

Examples:
  $ countersign verifiers
  $ countersign verifiers -o json
  $ countersign verifiers forget verifier-7d9f6.0b1c2d3e.0
`;

const FORGET_NOTES = `
Deletes its Lease: deletions and revocations no longer wait for it. Make sure that its process has ended. A process that still runs
without contact to the API server, and that Envoy still reaches, allows removed keys and grants until --max-staleness has passed
since its last contact. The operator itself detects that a Pod has ended; this command is for verifiers outside Pods.

Example:
  $ countersign verifiers forget edge-7.5f2a9c01.0
`;

/** `countersign verifiers`: lists the verifiers with their lag, and removes the Lease of one that has ended. */
export function verifiersCommand(): Command {
  const command = new Command("verifiers")
    .summary("list the verifiers, or forget one that has ended")
    .description("Lists the verifiers of a cluster, in Pods and on bare machines, by their Leases.");
  for (const option of clusterOptions()) command.addOption(option);
  return command
    .addOption(new Option("-o, --output <format>", "text or json").choices(["text", "json"]).default("text"))
    .addHelpText("after", NOTES)
    .addCommand(forgetCommand())
    .action(show);
}

/** The options that name the cluster are those of `verifiers`, which commander takes before and after `forget`. */
function forgetCommand(): Command {
  return new Command("forget")
    .argument("<name>", "the verifier, as `countersign verifiers` names it")
    .summary("stop waiting for a verifier whose process has ended")
    .description("Ends the wait for a verifier whose process has ended without removing its Lease.")
    .configureHelp({ showGlobalOptions: true })
    .option("--force", "also a verifier that is live")
    .addHelpText("after", FORGET_NOTES)
    .action(forget);
}

async function show(flags: ListFlags): Promise<void> {
  await withConnection(flags, async (connection) => {
    const { snapshot, notes } = await takeSnapshot(connection, flags.dataNamespace);
    const verifiers = listVerifiers(snapshot);
    if (flags.output === "json") process.stdout.write(`${verifierJson(verifiers)}\n`);
    else if (verifiers.length > 0) process.stdout.write(`${verifierTable(verifiers, snapshot.now)}\n`);
    else process.stderr.write(`No verifier has a Lease in namespace ${flags.dataNamespace}.\n`);
    for (const note of notes) process.stderr.write(`${note}.\n`);
  });
}

async function forget(name: string, _: ForgetFlags, command: Command): Promise<void> {
  const flags = command.optsWithGlobals<ForgetFlags>();
  await withConnection(flags, async (connection) => {
    const { leases, now } = await readLeases(connection, flags.dataNamespace);
    const lease = leases.find((one) => one.name === name);
    if (!lease)
      throw new CliFailure(`no verifier has the name ${name}: \`countersign verifiers\` lists their names`);
    const [verifier] = listVerifiers({ leases: [lease], podEnded: new Map(), projections: undefined, now });
    if (verifier?.state === "live" && flags.force !== true) throw new CliFailure(isLive(verifier, now));
    await deleteLease(connection, flags.dataNamespace, name, lease.resourceVersion);
    process.stdout.write(`Forgot ${name}: changes no longer wait for it.\n`);
    if (verifier && verifier.state !== "ended") process.stderr.write(warning(verifier));
  });
}

function isLive({ name, lastContact }: ListedVerifier, now: number): string {
  return `${name} is live: it renewed its Lease ${ageText(now - lastContact)} ago, and would take a new one; end its process instead (or add --force)`;
}

function warning({ fencedAt }: ListedVerifier): string {
  const time = new Date(fencedAt).toISOString();
  return `Warning: if its process still runs without contact, it may allow removed keys and grants until ${time}. Make sure that it has ended.\n`;
}

/** The precondition is the version that was read: a Lease that was renewed since then belongs to a running process. */
async function deleteLease(
  connection: Connection,
  namespace: string,
  name: string,
  resourceVersion: string,
): Promise<void> {
  const body = { apiVersion: "v1", kind: "DeleteOptions", preconditions: { resourceVersion } };
  const { status } = await connection.request("DELETE", objectPath(leasesPath(namespace), name), { body });
  if (status === 409) throw new CliFailure(`${name} has just renewed its Lease, so its process is running`);
  if (status !== 200 && status !== 404)
    throw new CliFailure(
      `the Lease ${name} could not be deleted (${status}): use a kubeconfig that may delete leases in ${namespace}`,
    );
}

async function withConnection(
  flags: ClusterFlags,
  act: (connection: Connection) => Promise<void>,
): Promise<void> {
  const signal = untilSignal();
  const { connection } = await connect(flags);
  try {
    await Promise.race([act(connection), aborted(signal)]);
    signal.throwIfAborted();
  } catch (error) {
    if (signal.aborted) throw interrupted(signal);
    if (!(error instanceof StoreUnavailable)) throw error;
    throw new CliFailure(`the API server did not respond: ${error.message}`);
  } finally {
    await connection.close();
  }
}
