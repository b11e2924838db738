import { customResourceDefinition, KINDS } from "../../api/crds.ts";
import { LEADER_LEASE } from "../../api/names.ts";
import { field, list } from "../../base/json.ts";
import { parseTime } from "../../base/timestamp.ts";
import type { Connection } from "../../store/kube/connection.ts";
import { readLeaseSnapshot } from "../../store/kube/leases/leaseSnapshot.ts";
import { leasesPath, objectPath } from "../../store/kube/paths.ts";
import { StoreUnavailable } from "../../store/store.ts";
import { CUT_MS, serverClockAgrees } from "../clockSkew.ts";
import { cannotLook, type Finding, type SourceResult } from "../finding.ts";
import type { KubernetesSnapshot } from "./kubernetesSnapshot.ts";
import { type AccountNames, readAccounts } from "./readAccounts.ts";

/** The names in an installation that an admin may choose. */
export interface Installation extends AccountNames {
  readonly dataNamespace: string;
}

const WHERE = "the cluster";
const ADMISSION = "/apis/admissionregistration.k8s.io/v1";
const CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/** Reads a cluster with the rights of the kubeconfig; every part that may not be read is a finding. */
export async function readKubernetes(
  connection: Connection,
  names: Installation,
): Promise<SourceResult<KubernetesSnapshot>> {
  const findings: Finding[] = [];
  try {
    const clock = await readClock(connection);
    const [objects, accounts] = await Promise.all([
      readObjects(connection, names, findings),
      readAccounts(connection, names),
    ]);
    return {
      ok: true,
      value: { where: WHERE, now: clock.now, ...objects, accounts: accounts.value },
      findings: [...findings, ...accounts.findings, ...serverClockAgrees("the API server", clock)],
    };
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    const write = "--kubeconfig and --context of a cluster that responds";
    return { ok: false, findings: [cannotLook(WHERE, error.message, write)] };
  }
}

/** The API server's clock now, and its Date header with the middle of the request by this machine's clock. */
async function readClock(connection: Connection) {
  const began = Date.now();
  const response = await connection.request("GET", "/version");
  const date = parseTime(response.date ?? "");
  const at = (began + Date.now()) / 2;
  return { date, at, now: date === undefined ? Date.now() : date + CUT_MS + (Date.now() - at) };
}

async function readObjects(connection: Connection, names: Installation, findings: Finding[]) {
  const get = (path: string) => readObject(connection, path, findings);
  const items = async (path: string) => {
    const found = await get(path);
    return found === undefined ? undefined : list(field(found, "items"));
  };
  const crds = KINDS.map((kind) => String(field(customResourceDefinition(kind), "metadata", "name")));
  const [found, leases, leader, policies, bindings] = await Promise.all([
    Promise.all(crds.map(async (name) => [name, await get(objectPath(CRDS, name))] as const)),
    items(leasesPath(names.dataNamespace)),
    get(objectPath(leasesPath(names.systemNamespace), LEADER_LEASE)),
    items(`${ADMISSION}/validatingadmissionpolicies`),
    items(`${ADMISSION}/validatingadmissionpolicybindings`),
  ]);
  return {
    crds: new Map(found),
    leases: leases?.map(readLeaseSnapshot),
    leader: leader === undefined || leader === null ? leader : readLeaseSnapshot(leader),
    policies,
    bindings,
  };
}

/** null: it does not exist; undefined: it may not be read, and a finding is added. */
async function readObject(connection: Connection, path: string, findings: Finding[]): Promise<unknown> {
  const { status, body } = await connection.request("GET", path);
  if (status === 200) return body;
  if (status === 404) return null;
  findings.push(cannotLook(WHERE, `GET ${path} returned ${status}`, "a kubeconfig that may read it"));
  return undefined;
}
