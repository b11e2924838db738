import { randomUUID } from "node:crypto";
import { systemClock } from "../../../base/clock.ts";
import { type Logger, reasonOf } from "../../../observe/logger.ts";
import type { VerifierCluster } from "../../../store/verifierCluster.ts";
import { UseRecorder } from "../../../verifier/lastUse/useRecorder.ts";
import { Membership } from "../../../verifier/membership.ts";
import type { Verifier } from "../../../verifier/verifier.ts";
import { connect } from "../../shared/connect.ts";
import type { ClusterFlags } from "../../shared/flags/clusterFlags.ts";
import type { NonceFlags } from "../../shared/flags/nonceFlags.ts";
import type { VerifierFlags } from "../../shared/flags/verifierFlags.ts";
import { heapForServing } from "../../shared/heap/servingHeap.ts";
import { openNonces } from "../../shared/openNonces.ts";
import { openVerifier } from "../../shared/openVerifier.ts";
import { serverProcess } from "../../shared/serverProcess.ts";
import { aborted } from "../../shared/untilSignal.ts";
import { leaseName, processOf } from "./processIdentity.ts";

export interface VerifierProcessFlags extends VerifierFlags, NonceFlags, ClusterFlags {
  readonly instance: string;
  /** Milliseconds. */
  readonly maxStaleness: number;
  readonly lastUse?: boolean;
}

/** Decides Checks from the projections of a cluster until SIGINT or SIGTERM. Throws CliFailure. */
export async function runVerifier(flags: VerifierProcessFlags): Promise<void> {
  const { signal, logger, registry } = serverProcess(flags);
  const member = (): Membership => membership;
  const uses = flags.lastUse === true ? new UseRecorder(systemClock) : undefined;
  const verifier = await openVerifier(flags, {
    logger,
    isReady: () => member().isReady(),
    staleness: () => member().staleness(),
    maxStaleness: flags.maxStaleness,
    registry,
    nonces: await openNonces(flags, logger),
    ...(uses ? { uses } : {}),
  });
  const { connection, kube } = await connect(flags);
  const cluster = new kube.KubeVerifierCluster(connection, { dataNamespace: flags.dataNamespace });
  const membership = join(cluster, flags, { verifier, uses }, logger);
  const ports = await verifier.start();
  if (flags.tlsDir === undefined && !isPrivate(flags.listen))
    logger.warn(
      "the gRPC port accepts plaintext from every client that can connect: set --tls-dir and --tls-client-name",
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

function join(
  cluster: VerifierCluster,
  { instance, maxStaleness, transport }: VerifierProcessFlags,
  { verifier, uses }: { readonly verifier: Verifier; readonly uses: UseRecorder | undefined },
  logger: Logger,
): Membership {
  const identity = {
    leaseName: leaseName(instance),
    holder: randomUUID(),
    process: processOf(process.env),
    maxStalenessMs: maxStaleness,
  };
  let wasReady = false;
  const membership: Membership = new Membership(identity, {
    cluster,
    sink: verifier.index,
    clock: systemClock,
    ...(uses ? { uses } : {}),
    onChange: () => {
      // Before health checks pass, so that no request waits for it.
      if (!wasReady && membership.isReady()) heapForServing(transport);
      wasReady ||= membership.isReady();
      announce(verifier, logger, membership);
    },
    onTrouble: (what, error) => logger.warn({ reason: reasonOf(error) }, what),
  });
  return membership;
}

/** Whether only this machine can connect to the address. */
function isPrivate(listen: string): boolean {
  return /^(unix:|127\.|localhost:|\[::1\])/.test(listen);
}

function announce(verifier: Verifier, logger: Logger, membership: Membership): void {
  verifier.announce();
  if (membership.isReady()) logger.info(verifier.index.counts(), "ready");
  else logger.warn("not ready: every request is denied with 503");
}
