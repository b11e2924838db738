import type { ApiDomain } from "../../api/apiDomain.ts";
import type { DocumentIndex } from "../../operator/index/documentIndex.ts";
import { patternsOf } from "../../policy/host.ts";
import type { ApiDomainProjection } from "../../projection/documents.ts";
import type { Finding } from "./catalog.ts";

/** Findings about one ApiDomain; `document` is its projection. */
export function domainFindings(
  { metadata, spec }: ApiDomain,
  document: ApiDomainProjection,
  { index, granted }: { readonly index: DocumentIndex; readonly granted: ReadonlySet<string> },
): readonly Finding[] {
  const object = `ApiDomain ${metadata.name}`;
  const lost = index.domains.lostHosts(document).map((host): Finding => {
    const owner = index.domains.ownerOf(host)?.name ?? "";
    const field = `spec.hosts[${spec.hosts.indexOf(host)}]`;
    const message = `ApiDomain ${owner} has ${host} too: a host belongs to one ApiDomain, in a cluster to the older one; remove it from one of the two`;
    return { id: "HostConflict", object, field, message };
  });
  const isUsed = granted.size === 0 || spec.hosts.some((host) => isGranted(host, granted));
  const message = "has no host that a grant names: add a grant, or delete it";
  return isUsed ? lost : [...lost, { id: "DomainUnused", object, field: "spec.hosts", message }];
}

/** Whether a grant names the host, a pattern that covers it, or a host that it covers. */
function isGranted(host: string, granted: ReadonlySet<string>): boolean {
  if (!host.startsWith("*.")) return [...patternsOf(host)].some((pattern) => granted.has(pattern));
  const rest = host.slice(1);
  const isBelow = [...granted].some((one) => one.endsWith(rest));
  return isBelow || [...patternsOf(host.slice(2))].some((pattern) => granted.has(pattern));
}
