import { objectKey } from "../../api/names.ts";
import { type PodObject, type Store, StoreUnavailable, type VerifierLease } from "../../store/store.ts";
import type { Log } from "../ports.ts";

type Pods = Pick<Store, "pods" | "podNamespace" | "readPod">;

/**
 * Whether the Pod that a Lease names has ended: it is gone, another Pod has its name, or its phase is terminal. A Pod
 * object disappears once the kubelet has confirmed the end of its containers, or because a user force-deleted it or
 * removed its node, which asserts that end. A Pod that is terminating, or whose node is unreachable, may still run.
 */
function hasEnded(pod: PodObject | undefined, uid: string): boolean {
  return pod?.uid !== uid || pod.phase === "Succeeded" || pod.phase === "Failed";
}

/**
 * The Leases whose Pods have provably ended. `leases` come from a list that has ended; the reads that prove an end begin
 * after it, since a Pod that is missing from an older read may have been created, and have written its Lease, meanwhile.
 * The cache only spares the reads for Pods that it shows running. Pods of other namespaces are never proof.
 */
export async function leasesOfEndedPods(
  store: Pods,
  leases: readonly VerifierLease[],
  log: Log,
): Promise<readonly VerifierLease[]> {
  const suspects = leases.filter((lease) => isSuspect(store, lease));
  const ended = await Promise.all(suspects.map((lease) => isProven(store, lease, log)));
  return suspects.filter((_, index) => ended[index]);
}

function isSuspect({ pods, podNamespace }: Pods, { pod }: VerifierLease): boolean {
  if (!pod || pod.namespace !== podNamespace) return false;
  return hasEnded(pods.get(objectKey(pod.namespace, pod.name)), pod.uid);
}

async function isProven(store: Pods, { name, pod }: VerifierLease, log: Log): Promise<boolean> {
  if (!pod) return false;
  try {
    return hasEnded(await store.readPod(pod.name), pod.uid);
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    log.warn({ verifier: name, reason: error.message }, "the verifier's Pod could not be read");
    return false;
  }
}
