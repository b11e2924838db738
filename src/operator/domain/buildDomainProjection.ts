import type { ApiDomain, ApiDomainSpec } from "../../api/apiDomain.ts";
import type { ApiDomainProjection } from "../../projection/documents.ts";
import { projectionHead } from "../plan/projectionHead.ts";
import { replayProtectionOf } from "../plan/replayProtection.ts";
import { selectorOf } from "../plan/selector.ts";

/** The projection of a valid ApiDomain. */
export function buildDomainProjection({ metadata }: ApiDomain, spec: ApiDomainSpec): ApiDomainProjection {
  const { hosts, namespaces, environments } = spec;
  return {
    kind: "ApiDomain",
    ...projectionHead(metadata),
    hosts,
    namespaces: namespaces.selector
      ? { kind: "selector", selector: selectorOf(namespaces.selector) }
      : { kind: "names", names: namespaces.names ?? [] },
    environments,
    ...replayProtectionOf(spec),
  };
}
