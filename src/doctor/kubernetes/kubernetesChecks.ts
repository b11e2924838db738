import { isDeepStrictEqual } from "node:util";
import { customResourceDefinition, KINDS } from "../../api/crds.ts";
import { VERSION } from "../../api/names.ts";
import { field, list } from "../../base/json.ts";
import { isLeaseInForce, type LeaseSnapshot, leaseAgeMs } from "../../store/kube/leases/leaseSnapshot.ts";
import { SILENT_AFTER_MS } from "../../store/store.ts";
import { CUT_MS, clocksAgree } from "../clockSkew.ts";
import { error, type Finding, judge, warning } from "../finding.ts";
import type { AccountRights, KubernetesSnapshot } from "./kubernetesSnapshot.ts";

/** Checks a cluster: CRDs, the leader Lease, the verifiers' Leases, rights and admission policies. */
export function checkKubernetes(snapshot: KubernetesSnapshot): readonly Finding[] {
  return [
    ...KINDS.flatMap((kind) => crdFits(snapshot, customResourceDefinition(kind))),
    ...operatorLeads(snapshot),
    ...verifiersRun(snapshot),
    ...snapshot.accounts.flatMap((account) => [
      ...rightsFit(account),
      ...writesAreBounded(snapshot, account),
    ]),
  ];
}

const APPLY_CRDS = "countersign crds | kubectl apply --server-side -f -";

function crdFits({ crds }: KubernetesSnapshot, ours: object): readonly Finding[] {
  const name = String(field(ours, "metadata", "name"));
  const where = `CustomResourceDefinition ${name}`;
  const theirs = crds.get(name);
  if (theirs === undefined) return [];
  if (theirs === null) return [judge("crd-missing", where, "it is not installed", error(APPLY_CRDS))];
  const served = versionOf(theirs);
  if (field(served, "served") !== true)
    return [judge("crd-missing", where, `${VERSION} is not served`, error(APPLY_CRDS))];
  const isSame = isDeepStrictEqual(schemaOf(served), plain(schemaOf(versionOf(ours))));
  return [
    judge(
      "crd-differs",
      where,
      isSame ? "its schema is that of this version" : "its schema is not that of this version",
      !isSame && warning(`${APPLY_CRDS}, or the program of the installed version`),
    ),
  ];
}

function versionOf(crd: unknown): unknown {
  return list(field(crd, "spec", "versions")).find((version) => field(version, "name") === VERSION);
}

function schemaOf(version: unknown): unknown {
  return field(version, "schema", "openAPIV3Schema");
}

/** The value as the API server returns it: undefined fields are absent. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function operatorLeads({ leader, now, where }: KubernetesSnapshot): readonly Finding[] {
  if (leader === undefined) return [];
  const leads = leader !== null && isLeaseInForce(leader, now);
  return [
    judge(
      "no-leader",
      where,
      leaderText(leader, now),
      !leads && error("run countersign operator; look at its log, and at rights-missing"),
    ),
  ];
}

/** A holder is `<pod or host>_<random>`. One that did not release its Lease is named, since its log has the reason. */
function leaderText(leader: LeaseSnapshot | null, now: number): string {
  if (leader === null) return "there is no leader Lease";
  const [holder] = leader.holder.split("_");
  if (!holder) return "the leader Lease has no holder";
  if (isLeaseInForce(leader, now)) return `${holder} leads`;
  const age = Math.round(leaseAgeMs(leader, now) / 1_000);
  return `${holder} holds the leader Lease, but has not renewed it for ${age} s; it expires after ${leader.leaseDurationSeconds} s`;
}

/** The Leases of verifier processes that may still run. */
export function unexpiredVerifiers({ leases, now }: KubernetesSnapshot): readonly LeaseSnapshot[] {
  return (leases ?? []).filter((lease) => isLeaseInForce(lease, now));
}

function verifiersRun(snapshot: KubernetesSnapshot): readonly Finding[] {
  if (snapshot.leases === undefined) return [];
  const leases = unexpiredVerifiers(snapshot);
  return [
    judge(
      "no-verifier",
      snapshot.where,
      `${leases.length} verifiers have a Lease that has not expired`,
      leases.length === 0 && error("run countersign verifier; look at its log, and at rights-missing"),
    ),
    ...leases.flatMap((lease) => verifierIsCurrent(lease, snapshot.now)),
  ];
}

function verifierIsCurrent(lease: LeaseSnapshot, now: number): readonly Finding[] {
  const where = `verifier ${lease.name}`;
  const age = leaseAgeMs(lease, now);
  const { renewedAt, writtenAt } = lease;
  return [
    judge(
      "verifier-silent",
      where,
      `its Lease was renewed ${Math.max(0, Math.round(age / 1_000))} s ago`,
      age > SILENT_AFTER_MS &&
        warning(
          `check that it runs and can reach the API server; once its process has ended, run countersign verifiers forget ${lease.name}`,
        ),
    ),
    judge(
      "verifier-not-synced",
      where,
      lease.applied === "" ? "it has applied nothing yet" : `it has applied version ${lease.applied}`,
      lease.applied === "" && warning("wait a moment and run doctor again; then look at its log"),
    ),
    ...(renewedAt === undefined || writtenAt === undefined
      ? []
      : [clocksAgree(where, renewedAt - writtenAt - CUT_MS, "the API server's")]),
  ];
}

function rightsFit({ user, missing, excessive }: AccountRights): readonly Finding[] {
  const name = accountOf(user);
  return [
    judge(
      "rights-missing",
      name,
      missing.length === 0 ? "it has the rights that it needs" : `it may not ${missing.join("; ")}`,
      missing.length > 0 && error("manifests/rights: kubectl apply --server-side -k manifests/rights"),
    ),
    judge(
      "rights-too-wide",
      name,
      excessive.length === 0 ? "it has no right that it must not have" : `it may ${excessive.join("; ")}`,
      excessive.length > 0 && warning("remove the binding that grants this; manifests/rights is sufficient"),
    ),
  ];
}

/**
 * RBAC cannot distinguish a Secret's type or a Lease's owner, so an admission policy must restrict writes. A policy counts when it names
 * the account and a binding enforces it.
 */
function writesAreBounded(
  { policies, bindings }: KubernetesSnapshot,
  { user, bounded }: AccountRights,
): readonly Finding[] {
  if (policies === undefined || bindings === undefined) return [];
  const enforced = new Set(
    bindings
      .filter((binding) => list(field(binding, "spec", "validationActions")).includes("Deny"))
      .map((binding) => field(binding, "spec", "policyName")),
  );
  const found = policies.find(
    (policy) =>
      enforced.has(field(policy, "metadata", "name")) &&
      JSON.stringify(field(policy, "spec", "matchConditions") ?? []).includes(`'${user}'`) &&
      list(field(policy, "spec", "matchConstraints", "resourceRules")).some((rule) =>
        list(field(rule, "resources")).includes(bounded),
      ),
  );
  return [
    judge(
      "admission-policy-missing",
      accountOf(user),
      found === undefined
        ? `no ValidatingAdmissionPolicy restricts its writes of ${bounded}`
        : `ValidatingAdmissionPolicy ${String(field(found, "metadata", "name"))}`,
      found === undefined &&
        warning("manifests/admission-policies.yaml: kubectl apply --server-side -k manifests/rights"),
    ),
  ];
}

function accountOf(user: string): string {
  return `ServiceAccount ${user.split(":").slice(2).join("/")}`;
}
