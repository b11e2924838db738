import { LABEL_PROJECTION } from "../../../api/names.ts";
import { field, list, text } from "../../../base/json.ts";
import { parseTime } from "../../../base/timestamp.ts";
import type { Connection } from "../../../store/kube/connection.ts";
import { type LeaseSnapshot, readLeaseSnapshot } from "../../../store/kube/leases/leaseSnapshot.ts";
import { writtenAt } from "../../../store/kube/leases/managedFields.ts";
import { leasesPath, objectPath, podsPath, secretsPath } from "../../../store/kube/paths.ts";
import { StoreUnavailable } from "../../../store/store.ts";
import { CliFailure } from "../failure.ts";
import type { Snapshot, Written } from "./verifierList.ts";

/** Projections are listed without their data, so no secret is transferred. */
const METADATA_ONLY = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";
const PAGE = "1000";

/** Lists the verifiers' Leases. Throws CliFailure when they cannot be read. */
export async function readLeases(
  connection: Connection,
  dataNamespace: string,
): Promise<{ readonly leases: readonly LeaseSnapshot[]; readonly now: number }> {
  const path = leasesPath(dataNamespace);
  const { status, body, date } = await connection.request("GET", path);
  if (status !== 200)
    throw new CliFailure(
      `the Leases of namespace ${dataNamespace} could not be listed (${status}): use a kubeconfig that may list leases there, or name the namespace with --data-namespace`,
    );
  const now = parseTime(date ?? "") ?? Date.now();
  return { leases: list(field(body, "items")).map(readLeaseSnapshot), now };
}

/** Reads everything that the list shows. Data that the kubeconfig may not read is omitted, with a line in `notes`. */
export async function takeSnapshot(
  connection: Connection,
  dataNamespace: string,
): Promise<{ readonly snapshot: Snapshot; readonly notes: readonly string[] }> {
  const { leases, now } = await readLeases(connection, dataNamespace);
  const [podEnded, projections] = await Promise.all([
    endedPods(connection, leases),
    listProjections(connection, dataNamespace),
  ]);
  const notes = [
    ...(podEnded.size < leases.filter(({ pod }) => pod).length ? [NO_PODS] : []),
    ...(projections ? [] : [`LAG is not shown: it needs the right to list secrets in ${dataNamespace}`]),
  ];
  return { snapshot: { leases, podEnded, projections, now }, notes };
}

const NO_PODS = "Some Pods could not be read, so a verifier whose Pod has ended may be shown as silent";

async function endedPods(
  connection: Connection,
  leases: readonly LeaseSnapshot[],
): Promise<ReadonlyMap<string, boolean>> {
  const ended = new Map<string, boolean>();
  const look = async ({ pod }: LeaseSnapshot) => {
    if (!pod) return;
    const { status, body } = await connection.request("GET", objectPath(podsPath(pod.namespace), pod.name));
    const isSame = field(body, "metadata", "uid") === pod.uid;
    const phase = text(field(body, "status", "phase"));
    if (status === 404) ended.set(pod.uid, true);
    if (status === 200) ended.set(pod.uid, !isSame || phase === "Succeeded" || phase === "Failed");
  };
  await Promise.all(leases.map(look));
  return ended;
}

/** Undefined if they may not be listed. */
async function listProjections(
  connection: Connection,
  dataNamespace: string,
): Promise<readonly Written[] | undefined> {
  const found: Written[] = [];
  for (let next: string | undefined = ""; next !== undefined; ) {
    const more: Record<string, string> = next === "" ? {} : { continue: next };
    const query = { labelSelector: `${LABEL_PROJECTION}=true`, limit: PAGE, ...more };
    const { status, body } = await connection.request("GET", secretsPath(dataNamespace), {
      query,
      accept: METADATA_ONLY,
    });
    if (status === 403) return undefined;
    if (status !== 200)
      throw new StoreUnavailable(`GET ${secretsPath(dataNamespace)} failed with status ${status}`);
    for (const item of list(field(body, "items")))
      found.push({ version: text(field(item, "metadata", "resourceVersion")), at: writtenAt(item) ?? 0 });
    next = text(field(body, "metadata", "continue")) || undefined;
  }
  return found;
}
