import { field } from "../../base/json.ts";
import type { Connection } from "../../store/kube/connection.ts";
import { cannotLook, type Finding } from "../finding.ts";
import type { AccountRights } from "./kubernetesSnapshot.ts";
import { operatorRights, type Right, type Rights, rightText, verifierRights } from "./requiredRights.ts";

/** The names of the ServiceAccounts and of the namespaces that their rights are for. */
export interface AccountNames {
  readonly dataNamespace: string;
  readonly systemNamespace: string;
  readonly operatorAccount: string;
  readonly verifierAccount: string;
}

const REVIEWS = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

/** Reads the rights of both ServiceAccounts by SubjectAccessReviews. Returns a finding if those are denied. */
export async function readAccounts(
  connection: Connection,
  names: AccountNames,
): Promise<{ readonly value: readonly AccountRights[]; readonly findings: readonly Finding[] }> {
  const namespaces = { data: names.dataNamespace, system: names.systemNamespace };
  const read = (account: string, bounded: string, rights: Rights) =>
    readAccount(connection, `system:serviceaccount:${names.systemNamespace}:${account}`, bounded, rights);
  const accounts = await Promise.all([
    read(names.operatorAccount, "secrets", operatorRights(namespaces)),
    read(names.verifierAccount, "leases", verifierRights(namespaces)),
  ]);
  const value = accounts.filter((account) => account !== undefined);
  const denied = cannotLook(
    "the rights of the ServiceAccounts",
    "SubjectAccessReviews are denied",
    "a kubeconfig that may create subjectaccessreviews",
  );
  return { value, findings: value.length < accounts.length ? [denied] : [] };
}

/** Undefined when the API server denies a review. */
async function readAccount(
  connection: Connection,
  user: string,
  bounded: string,
  { needs, forbidden }: Rights,
): Promise<AccountRights | undefined> {
  const may = (right: Right) => review(connection, user, right);
  const [needed, excess] = await Promise.all([Promise.all(needs.map(may)), Promise.all(forbidden.map(may))]);
  if ([...needed, ...excess].includes(undefined)) return undefined;
  return {
    user,
    bounded,
    missing: needs.filter((_, at) => needed[at] === false).map(rightText),
    excessive: forbidden.filter((_, at) => excess[at] === true).map(rightText),
  };
}

async function review(connection: Connection, user: string, right: Right): Promise<boolean | undefined> {
  const namespace = user.split(":")[2] ?? "";
  const groups = ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"];
  const { status, body } = await connection.request("POST", REVIEWS, {
    body: {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SubjectAccessReview",
      spec: { user, groups, resourceAttributes: right },
    },
  });
  return status === 201 ? field(body, "status", "allowed") === true : undefined;
}
