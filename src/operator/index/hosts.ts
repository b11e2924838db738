import type { DomainEntry, NamespaceOf } from "../../policy/index/domainEntry.ts";
import type { ApiGrantProjection } from "../../projection/documents.ts";
import type { DocumentIndex } from "./documentIndex.ts";

/** A host of a grant whose ApiDomain does not have the grant's environment, and the environments that it has. */
export interface HostWithoutEnvironment {
  readonly host: string;
  /** Sorted, each once. */
  readonly environments: readonly string[];
}

/**
 * The ApiDomains under a host or wildcard that assign it to the namespace: its owner, and for a wildcard also the owners
 * of the hosts that it covers.
 */
export function domainsUnder(
  documents: DocumentIndex,
  host: string,
  namespace: NamespaceOf,
): readonly DomainEntry[] {
  const owner = documents.domains.ownerOf(host);
  const covered = host.startsWith("*.") ? [...documents.domains.entries()].filter(isCoveredBy(host)) : [];
  return [...(owner ? [owner] : []), ...covered].filter((domain) => domain.gives(namespace));
}

function isCoveredBy(wildcard: string): (domain: DomainEntry) => boolean {
  return ({ document: { hosts } }) =>
    hosts.some((host) => host !== wildcard && host.endsWith(wildcard.slice(1)));
}

/** Whether a grant has an effect at one of its hosts: the namespace owns it, and an ApiDomain there has the environment. */
export function takesEffectAt(documents: DocumentIndex, grant: ApiGrantProjection, host: string): boolean {
  const owner = documents.domains.ownerOf(host);
  if (!owner?.gives(grant)) return false;
  return (
    hasEnvironment(owner, grant.environment) ||
    domainsUnder(documents, host, grant).some((domain) => hasEnvironment(domain, grant.environment))
  );
}

/** The hosts on which no ApiDomain has the environment. Hosts and ApiDomains of other namespaces are ignored. */
export function hostsWithoutEnvironment(
  documents: DocumentIndex,
  { hosts, environment, namespace }: HostsOfGrant,
): readonly HostWithoutEnvironment[] {
  return hosts.flatMap((host) => {
    const domains = domainsUnder(documents, host, namespace);
    if (domains.length === 0 || domains.some((domain) => hasEnvironment(domain, environment))) return [];
    const names = domains.flatMap(({ environments }) => environments.map(({ name }) => name));
    return [{ host, environments: [...new Set(names)].sort() }];
  });
}

interface HostsOfGrant {
  readonly hosts: readonly string[];
  readonly environment: string;
  readonly namespace: NamespaceOf;
}

function hasEnvironment({ environments }: DomainEntry, name: string): boolean {
  return environments.some((environment) => environment.name === name);
}
