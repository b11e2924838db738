import type { ApiGrant } from "../../api/apiGrant.ts";
import { objectKey } from "../../api/names.ts";
import { DocumentIndex } from "../../operator/index/documentIndex.ts";
import { domainsUnder, hostsWithoutEnvironment } from "../../operator/index/hosts.ts";
import { GrantEntry } from "../../policy/index/grantEntry.ts";
import { documentName } from "../../projection/documentName.ts";
import type { ApiGrantProjection } from "../../projection/documents.ts";
import type { Callers } from "../callers.ts";
import { type Documents, targetsOf } from "../documents.ts";
import { labelsOf, type Tree } from "../tree.ts";
import { whyBroad } from "./broadPath.ts";
import type { Finding, FindingId } from "./catalog.ts";

/** What the findings about grants are made from: one installation. */
export interface Installed {
  readonly tree: Tree;
  readonly documents: Documents;
  readonly callers: Callers;
  /** Of the ApiDomains. */
  readonly index: DocumentIndex;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** An index of the ApiDomains of an installation. */
export function domainIndex({ domains }: Documents): DocumentIndex {
  const index = new DocumentIndex();
  for (const domain of domains) index.update(documentName(domain), domain);
  return index;
}

/** Findings about one grant; `document` is its projection. */
export function grantFindings(
  grant: ApiGrant,
  document: ApiGrantProjection,
  installed: Installed,
): readonly Finding[] {
  const object = `ApiGrant ${objectKey(grant.metadata.namespace, grant.metadata.name)}`;
  const found = (id: FindingId, field: string, message: string): Finding => ({ id, object, field, message });
  return [
    ...(installed.documents.domains.length > 0 ? placeFindings(grant, installed, found) : []),
    ...callerFindings(document, installed, found),
    ...broadPaths(grant, found),
    ...shadowing(grant, found),
    ...stateFindings(grant.spec, installed.now, found),
  ];
}

type Found = (id: FindingId, field: string, message: string) => Finding;

/** Findings about suspension and expiry, which Applications and grants share. */
export function stateFindings(
  { suspended, expiresAt }: { readonly suspended: boolean; readonly expiresAt?: string },
  now: number,
  found: Found,
): readonly Finding[] {
  const hasExpired = expiresAt !== undefined && Date.parse(expiresAt) <= now;
  return [
    ...(suspended ? [found("Suspended", "spec.suspended", "is suspended: it permits no request")] : []),
    ...(hasExpired
      ? [
          found(
            "Expired",
            "spec.expiresAt",
            `has expired on ${expiresAt}: delete the object, or set a later time`,
          ),
        ]
      : []),
  ];
}

function placeFindings(grant: ApiGrant, { tree, index }: Installed, found: Found): readonly Finding[] {
  const { namespace = "" } = grant.metadata;
  const owner = { namespace, namespaceLabels: labelsOf(tree, namespace) };
  const { environment } = grant.spec;
  const targets = targetsOf(grant, tree, index);
  const hosts = [...hostFields(grant), ...targets.hosts.map((host) => ["spec.targetRefs", host] as const)];
  const findings = targets.problems.map(({ message }) => found("TargetProblem", "spec.targetRefs", message));
  for (const [field, host] of hosts) {
    const [missing] = hostsWithoutEnvironment(index, { hosts: [host], environment, namespace: owner });
    if (domainsUnder(index, host, owner).length === 0)
      findings.push(
        found(
          "HostNotOwned",
          field,
          `no ApiDomain assigns ${host} to namespace ${namespace}: the grant has no effect there; add the host and the namespace to an ApiDomain, or correct the host`,
        ),
      );
    else if (missing)
      findings.push(
        found(
          "EnvironmentNotFound",
          field,
          `the ApiDomain of ${host} has no environment ${environment}, but ${missing.environments.join(", ")}: the grant has no effect there; add it to the ApiDomain, or create a grant for an environment that exists`,
        ),
      );
  }
  return findings;
}

function hostFields({ spec }: ApiGrant): readonly (readonly [field: string, host: string])[] {
  return spec.apis.flatMap(({ hosts = [] }, api) =>
    hosts.map((host, at) => [`spec.apis[${api}].hosts[${at}]`, host] as const),
  );
}

function callerFindings(
  document: ApiGrantProjection,
  { callers }: Installed,
  found: Found,
): readonly Finding[] {
  // It is meant to admit no Application, such as one that keeps the paths of an API without callers.
  if (document.suspended) return [];
  const missing = document.applications.flatMap((one, at) => {
    if (one.kind === "id" || callers.of(new GrantEntry({ ...document, applications: [one] })).length > 0)
      return [];
    const what =
      one.kind === "name"
        ? `Application ${document.namespace}/${one.name} is in none of the files`
        : `no Application of namespace ${document.namespace} has these labels`;
    const field = `spec.applications[${at}]`;
    return [found("ApplicationNotFound", field, `${what}: add it, or correct or remove the entry`)];
  });
  const isNobody = callers.of(new GrantEntry(document)).length === 0;
  const nobody =
    "admits no Application, and still takes its paths from less specific grants: add an Application, or delete the grant";
  return [...missing, ...(isNobody ? [found("BindsNobody", "spec.applications", nobody)] : [])];
}

function shadowing({ spec }: ApiGrant, found: Found): readonly Finding[] {
  const message =
    "lets requests to its paths through unverified, unless another grant enforces them: set enforcement to Enforce once the callers' signatures verify";
  return spec.enforcement === "Shadow" ? [found("Shadowing", "spec.enforcement", message)] : [];
}

function broadPaths({ spec }: ApiGrant, found: Found): readonly Finding[] {
  return spec.apis.flatMap(({ name, paths = [] }, api) =>
    paths.flatMap((path, at) => {
      const why = whyBroad(path);
      const field = `spec.apis[${api}].paths[${at}]`;
      return why === undefined ? [] : [found("BroadPath", field, `API ${name}: ${why}`)];
    }),
  );
}
