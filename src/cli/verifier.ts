import { createHash, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { Command, InvalidArgumentError, Option } from "commander";
import { systemClock } from "../base/clock.ts";
import { createLogger, type Logger, reasonOf } from "../observe/logger.ts";
import type { VerifierProcess } from "../store/store.ts";
import { Membership } from "../verifier/membership.ts";
import { Verifier } from "../verifier/verifier.ts";
import { connect } from "./connect.ts";
import {
  type ClusterFlags,
  clusterOptions,
  durationOption,
  type VerifierFlags,
  verifierOptions,
} from "./flags.ts";
import { needs } from "./needs.ts";
import { createRegistry } from "./registry.ts";
import { openVerifierOptions } from "./serving.ts";
import { TLS_HELP } from "./tls.ts";
import { aborted, untilSignal } from "./untilSignal.ts";
import { packageVersion } from "./version.ts";

interface Flags extends VerifierFlags, ClusterFlags {
  readonly instance: string;
  /** Milliseconds. */
  readonly maxStaleness: number;
}

const EXAMPLES = `
One process uses one core. On a bare machine run several, each with its own --instance and port, and give Envoy all of them:
  $ countersign verifier --instance 0 --listen 127.0.0.1:9001 --metrics-listen 127.0.0.1:9090
  $ countersign verifier --instance 1 --listen 127.0.0.1:9002 --metrics-listen 127.0.0.1:9091
`;

/** `countersign verifier`: answers Envoy's checks by the projections of a cluster. */
export function verifierCommand(): Command {
  const command = new Command("verifier")
    .summary("answer Envoy's checks by what a cluster holds")
    .description(
      "Answers Envoy's ext_authz checks (gRPC) by the projections in the cluster's data namespace. It serves once it has them all, decides on through an outage of the API server for --max-staleness, and refuses everything after that.",
    );
  const defaults = { host: "0.0.0.0", drain: "5s", logLevel: "info" } as const;
  for (const option of [...verifierOptions(defaults), ...clusterOptions()]) command.addOption(option);
  return needs(command, { tlsMaxConnectionAge: ["tlsDir"] })
    .addOption(
      new Option("--instance <name>", "tells apart several processes of one Pod or machine")
        .argParser(instance)
        .default("0"),
    )
    .addOption(
      durationOption("--max-staleness <duration>", "how long to decide without contact to the cluster", "1h"),
    )
    .addHelpText("after", EXAMPLES + TLS_HELP)
    .action(verify);
}

async function verify(flags: Flags): Promise<void> {
  const signal = untilSignal();
  const logger = createLogger(flags.logLevel);
  const options = await openVerifierOptions(flags);
  const { connection, kube } = await connect(flags);
  const registry = createRegistry();
  const member = (): Membership => membership;
  const verifier = new Verifier(options, {
    logger,
    isReady: () => member().isReady(),
    staleness: () => member().staleness(),
    maxStaleness: flags.maxStaleness,
    registry,
  });
  const cluster = new kube.KubeVerifierCluster(connection, { dataNamespace: flags.dataNamespace });
  const membership = new Membership(
    {
      leaseName: leaseName(flags.instance),
      holder: randomUUID(),
      process: processOf(process.env),
      maxStalenessMs: flags.maxStaleness,
    },
    {
      cluster,
      sink: verifier.index,
      clock: systemClock,
      onChange: () => announce(verifier, logger, member()),
      onTrouble: (what, error) => logger.warn({ reason: reasonOf(error) }, what),
    },
  );
  const ports = await verifier.start();
  if (!options.tls && !isPrivate(flags.listen))
    logger.warn(
      "the gRPC port is open in plaintext to whoever reaches it: set --tls-dir and --tls-client-name",
    );
  logger.info(ports, "listening; not ready before all projections are loaded");
  const stop = new AbortController();
  const running = membership.run(stop.signal);
  await aborted(signal);
  logger.info("draining");
  await verifier.stop();
  stop.abort();
  await running;
  await membership.leave();
  await connection.close();
}

/** Whether only this machine reaches the address. */
function isPrivate(listen: string): boolean {
  return /^(unix:|127\.|localhost:|\[::1\])/.test(listen);
}

function announce(verifier: Verifier, logger: Logger, membership: Membership): void {
  verifier.announce();
  if (membership.isReady()) logger.info(verifier.index.counts(), "ready");
  else logger.warn("not ready: every request is refused with 503");
}

/** `<Pod>.<8 characters of its UID>.<instance>`; outside a Pod the machine, so that a restart takes its own Lease over. */
export function leaseName(instanceName: string, environment: NodeJS.ProcessEnv = process.env): string {
  const { POD_NAME, POD_UID } = environment;
  if (POD_NAME && POD_UID) return `${POD_NAME}.${POD_UID.slice(0, 8)}.${instanceName}`;
  const host = hostname()
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, "-")
    .replace(/^-+|-+$/g, "");
  const machine = createHash("sha256").update(machineId()).digest("hex").slice(0, 8);
  return `${host.slice(0, 63) || "host"}.${machine}.${instanceName}`;
}

/** Where this process runs, by the variables that the chart sets from the Pod's own fields. */
function processOf({ POD_NAME, POD_NAMESPACE, POD_UID, NODE_NAME }: NodeJS.ProcessEnv): VerifierProcess {
  const isPod = POD_NAME && POD_NAMESPACE && POD_UID;
  return {
    ...(isPod ? { pod: { namespace: POD_NAMESPACE, name: POD_NAME, uid: POD_UID } } : {}),
    node: NODE_NAME || hostname(),
    version: packageVersion(),
  };
}

function machineId(): string {
  try {
    return readFileSync("/etc/machine-id", "utf8").trim() || hostname();
  } catch {
    return hostname();
  }
}

function instance(text: string): string {
  if (!/^[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?$/.test(text))
    throw new InvalidArgumentError("Write at most 32 lower-case letters, digits and -, for example 1.");
  return text;
}
