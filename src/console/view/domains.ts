import type { Finding } from "../../access/findings/catalog.ts";
import type { ApiDomain } from "../../api/apiDomain.ts";
import type { ApiGrant } from "../../api/apiGrant.ts";
import type { Knowledge } from "../knowledge/knowledge.ts";
import { type ConditionView, conditionsOf, type StateView, stateOf } from "./state.ts";
import { yamlOf } from "./yaml.ts";

/** An ApiDomain, as the list and its page show it. */
export interface DomainRow extends StateView {
  /** ApiDomains have no namespace. */
  readonly namespace: "";
  readonly name: string;
  readonly hosts: readonly string[];
  readonly environments: readonly { readonly name: string; readonly pathPrefix: string }[];
  /** Names of namespaces; empty if a selector chooses them. */
  readonly namespaces: readonly string[];
  /** The selector of namespaces as YAML; "" without one. */
  readonly selector: string;
  /** The number of grants that name one of its hosts as it writes them. */
  readonly grants: number;
}

/** The page of one ApiDomain. */
export interface DomainView {
  readonly row: DomainRow;
  readonly conditions: readonly ConditionView[];
  readonly findings: readonly Finding[];
  readonly yaml: string;
}

/** The list of ApiDomains, by name. */
export function domainRows(domains: Iterable<ApiDomain>, grants: Iterable<ApiGrant>): readonly DomainRow[] {
  const byHost = grantsByHost(grants);
  return [...domains].map((domain) => domainRow(domain, byHost)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The page of an ApiDomain. */
export function domainView(domain: ApiDomain, grants: Iterable<ApiGrant>, knowledge: Knowledge): DomainView {
  return {
    row: domainRow(domain, grantsByHost(grants)),
    conditions: conditionsOf(domain),
    findings: knowledge.findings.get(`ApiDomain ${domain.metadata.name}`) ?? [],
    yaml: yamlOf(domain),
  };
}

function domainRow(domain: ApiDomain, byHost: ReadonlyMap<string, ReadonlySet<string>>): DomainRow {
  const { hosts = [], environments = [], namespaces } = domain.spec;
  const grants = new Set(hosts.flatMap((host) => [...(byHost.get(host) ?? [])]));
  return {
    namespace: "",
    name: domain.metadata.name,
    hosts,
    environments,
    namespaces: namespaces?.names ?? [],
    selector: namespaces?.selector === undefined ? "" : JSON.stringify(namespaces.selector),
    grants: grants.size,
    ...stateOf(domain),
  };
}

function grantsByHost(grants: Iterable<ApiGrant>): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { metadata, spec } of grants)
    for (const host of (spec.apis ?? []).flatMap(({ hosts = [] }) => hosts))
      found.set(host, (found.get(host) ?? new Set()).add(`${metadata.namespace}/${metadata.name}`));
  return found;
}
