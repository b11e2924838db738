import { randomBytes } from "node:crypto";
import { pino } from "pino";
import type { Condition } from "../../../src/api/meta.ts";
import { Backoff } from "../../../src/base/backoff.ts";
import { systemClock } from "../../../src/base/clock.ts";
import { startOperator } from "../../../src/operator/controller.ts";
import type { OperatorPorts } from "../../../src/operator/ports.ts";
import { ProjectionIndex } from "../../../src/policy/index/projectionIndex.ts";
import type { Connection } from "../../../src/store/kube/connection.ts";
import { KubeStore, type KubeStoreOptions } from "../../../src/store/kube/kubeStore.ts";
import { KubeVerifierCluster } from "../../../src/store/kube/verifierCluster.ts";
import type { UseRecorder } from "../../../src/verifier/lastUse/useRecorder.ts";
import { Membership } from "../../../src/verifier/membership.ts";
import { eventually } from "../../support/events.ts";
import { silentMeter } from "../../support/operatorHarness.ts";

/** An operator in this process over an API server, and the way to end it. */
export async function startOperatorOver(
  connection: Connection,
  options: Partial<KubeStoreOptions> = {},
  clock = systemClock,
  ports: Pick<OperatorPorts, "lastUse"> = {},
) {
  const controller = new AbortController();
  const store = new KubeStore(connection, {
    instance: "test",
    hooks: { onRestart: () => {} },
    times: {
      watch: () => ({ seconds: 300, silenceMs: 150_000 }),
      backoff: () => new Backoff({ firstMs: 50, longestMs: 500 }),
    },
    ...options,
  });
  await store.start(controller.signal);
  const environment = {
    clock,
    random: randomBytes,
    log: pino({ level: "silent" }),
    meter: silentMeter,
    ...ports,
  };
  const operator = startOperator(store, { ...environment, verifierPollMs: 20 }, controller.signal);
  const stop = async () => {
    controller.abort();
    await operator.stopped;
  };
  return { store, operator, stop };
}

/** A verifier's membership and index in this process, without ports. */
export async function startVerifierOver(
  connection: Connection,
  name = "verifier",
  maxStalenessMs = 60_000,
  timeoutMs = 20_000,
  uses?: UseRecorder,
) {
  const index = new ProjectionIndex();
  const membership = new Membership(
    { leaseName: `${name}.00000000.0`, holder: name, maxStalenessMs },
    {
      cluster: new KubeVerifierCluster(connection),
      sink: index,
      clock: systemClock,
      onChange: () => {},
      onTrouble: () => {},
      ...(uses ? { uses } : {}),
    },
  );
  const controller = new AbortController();
  const running = membership.run(controller.signal);
  const stop = async () => {
    controller.abort();
    await running;
    await membership.leave();
  };
  try {
    await eventually(() => membership.isReady(), { timeoutMs });
  } catch (error) {
    controller.abort();
    throw error;
  }
  return { index, membership, stop };
}

/** Waits until a condition of the object has that status and reason. */
export async function condition(
  admin: Connection,
  path: string,
  type: string,
  wanted: string,
): Promise<Condition> {
  return await eventually(async () => {
    const { body } = await admin.request("GET", path);
    const { status } = body as { status?: { conditions?: Condition[] } };
    const found = status?.conditions?.find((one) => one.type === type);
    return found && `${found.status} ${found.reason}` === wanted && found;
  });
}
