import { customResourceDefinition, KINDS } from "../../api/crds.ts";
import { LEADER_LEASE } from "../../api/names.ts";
import { field, list } from "../../base/json.ts";
import { parseTime } from "../../base/timestamp.ts";
import type { Answer, Connection } from "../../store/kube/connection.ts";
import { readLeaseSnapshot } from "../../store/kube/leaseSnapshot.ts";
import { leasesPath, objectPath } from "../../store/kube/paths.ts";
import { StoreUnavailable } from "../../store/store.ts";
import { answeredInTime } from "../clockSkew.ts";
import { type Finding, unseen } from "../finding.ts";
import type { Look } from "../sources.ts";
import type { AccountSeen, ClusterSeen } from "./kubernetesSnapshot.ts";
import { operatorRights, type Right, type Rights, tellRight, verifierRights } from "./requiredRights.ts";

/** The names in an installation that an admin may choose. */
export interface Installation {
  readonly dataNamespace: string;
  readonly systemNamespace: string;
  readonly operatorAccount: string;
  readonly verifierAccount: string;
}

const ADMISSION = "/apis/admissionregistration.k8s.io/v1";
const CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const REVIEWS = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

/** Looks at a cluster with the rights of whoever asks; each part that they do not suffice for is a finding. */
export async function lookAtCluster(connection: Connection, names: Installation): Promise<Look<ClusterSeen>> {
  const where = "the cluster";
  const findings: Finding[] = [];
  /** null is what is not there, undefined what may not be seen. */
  const ask = async (path: string): Promise<unknown> => {
    const { status, body } = await connection.request("GET", path);
    if (status === 200) return body;
    if (status === 404) return null;
    findings.push(unseen(where, `GET ${path} was answered ${status}`, "a kubeconfig that may read it"));
    return undefined;
  };
  try {
    const at = Date.now();
    const { date } = await connection.request("GET", "/version");
    const clock = { date: parseTime(date ?? ""), at: (at + Date.now()) / 2 };
    const items = async (path: string) => {
      const found = await ask(path);
      return found === undefined ? undefined : list(field(found, "items"));
    };
    const crds = KINDS.map((kind) => String(field(customResourceDefinition(kind), "metadata", "name")));
    const [found, leases, leader, policies, bindings, accounts] = await Promise.all([
      Promise.all(crds.map(async (name) => [name, await ask(objectPath(CRDS, name))] as const)),
      items(leasesPath(names.dataNamespace)),
      ask(objectPath(leasesPath(names.systemNamespace), LEADER_LEASE)),
      items(`${ADMISSION}/validatingadmissionpolicies`),
      items(`${ADMISSION}/validatingadmissionpolicybindings`),
      lookAtAccounts(connection, names, findings),
    ]);
    const value = {
      where,
      now: clock.date === undefined ? Date.now() : clock.date + 500 + (Date.now() - clock.at),
      crds: new Map(found),
      leases: leases?.map(readLeaseSnapshot),
      leader: leader === undefined || leader === null ? leader : readLeaseSnapshot(leader),
      accounts,
      policies,
      bindings,
    };
    return { ok: true, value, findings: [...findings, ...answeredInTime("the API server", clock)] };
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    return {
      ok: false,
      findings: [unseen(where, error.message, "--kubeconfig and --context of a cluster that answers")],
    };
  }
}

async function lookAtAccounts(
  connection: Connection,
  names: Installation,
  findings: Finding[],
): Promise<readonly AccountSeen[]> {
  const spaces = { data: names.dataNamespace, system: names.systemNamespace };
  const of = (account: string, bounded: string, rights: Rights) =>
    lookAtAccount(connection, `system:serviceaccount:${names.systemNamespace}:${account}`, bounded, rights);
  const looks = await Promise.all([
    of(names.operatorAccount, "secrets", operatorRights(spaces)),
    of(names.verifierAccount, "leases", verifierRights(spaces)),
  ]);
  if (looks.some((look) => look === undefined))
    findings.push(
      unseen(
        "the rights of the ServiceAccounts",
        "SubjectAccessReviews are refused",
        "a kubeconfig that may create subjectaccessreviews",
      ),
    );
  return looks.filter((look) => look !== undefined);
}

/** Undefined when the API server does not say. */
async function lookAtAccount(
  connection: Connection,
  user: string,
  bounded: string,
  { needs, forbidden }: Rights,
): Promise<AccountSeen | undefined> {
  const may = (right: Right) => review(connection, user, right);
  const [needed, excess] = await Promise.all([Promise.all(needs.map(may)), Promise.all(forbidden.map(may))]);
  if ([...needed, ...excess].includes(undefined)) return undefined;
  return {
    user,
    bounded,
    missing: needs.filter((_, at) => needed[at] === false).map(tellRight),
    excessive: forbidden.filter((_, at) => excess[at] === true).map(tellRight),
  };
}

async function review(connection: Connection, user: string, right: Right): Promise<boolean | undefined> {
  const namespace = user.split(":")[2] ?? "";
  const groups = ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"];
  const answer: Answer = await connection.request("POST", REVIEWS, {
    body: {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SubjectAccessReview",
      spec: { user, groups, resourceAttributes: right },
    },
  });
  return answer.status === 201 ? field(answer.body, "status", "allowed") === true : undefined;
}
