import type { ApiGrantStatus } from "../../api/apiGrant.ts";
import { objectKey } from "../../api/names.ts";
import { validateApiGrant } from "../../api/validation/validate.ts";
import type { NamespaceOf } from "../../policy/index/domainEntry.ts";
import type { ApiGrantProjection, Projection } from "../../projection/documents.ts";
import type { Deps } from "../deps.ts";
import { domainsUnder, hostsWithoutEnvironment } from "../index/hosts.ts";
import { useOfGrant } from "../lastUse/usedObjects.ts";
import { gatherCommon } from "../plan/gather.ts";
import { validateOnce } from "../plan/validateOnce.ts";
import { collectionKeyOf, type Subject } from "../subject.ts";
import { applicationsStatus } from "./applications.ts";
import type { ObservedGrant } from "./observed.ts";
import { resolveTargets, type Targets, type TargetWorld } from "./targets.ts";

const validate = validateOnce(validateApiGrant);
const NO_TARGETS: Targets = { apis: [], hosts: [], problems: [] };
const NO_APPLICATIONS: NonNullable<ApiGrantStatus["applications"]> = { bound: 0, pending: 0, items: [] };

/** Gathers the input of an ApiGrant's plan, from caches only. */
export function observeGrant(deps: Deps, subject: Subject): ObservedGrant {
  const { store, documents } = deps;
  const key = collectionKeyOf(subject);
  const object = store.grants.get(key);
  const validated = object && validate(object);
  const common = gatherCommon(deps, subject, object, isGrant);
  const document = common.projection?.document;
  const namespaceLabels = store.namespaces.get(subject.namespace)?.metadata.labels ?? {};
  const spec = validated?.ok ? validated.spec : validated?.stored;
  const owner = { namespace: subject.namespace, namespaceLabels };
  const targets = spec?.targetRefs ? resolveTargets(spec, targetWorld(deps, owner)) : NO_TARGETS;
  const hosts = [
    ...new Set([...(spec?.apis.flatMap((api) => api.hosts ?? []) ?? []), ...targets.hosts]),
  ].sort();
  const foreign = foreignHosts(deps, owner, hosts);
  const own = hosts.filter((host) => !foreign.includes(host));
  const environment = spec?.environment ?? "";
  return {
    ...common,
    validated,
    namespaceLabels,
    targets,
    foreignHosts: foreign,
    hostsWithoutEnvironment: hostsWithoutEnvironment(documents, {
      hosts: own,
      environment,
      namespace: owner,
    }),
    use: useOfGrant(deps, subject, object),
    applications: document ? applicationsStatus(document, documents) : NO_APPLICATIONS,
  };
}

function foreignHosts(
  { documents }: Deps,
  namespace: NamespaceOf,
  hosts: readonly string[],
): readonly string[] {
  return hosts.filter((host) => {
    const owner = documents.domains.ownerOf(host);
    return !owner?.gives(namespace);
  });
}

function targetWorld({ store, documents }: Deps, namespace: NamespaceOf): TargetWorld {
  return {
    route: (name) => store.routes.get(objectKey(namespace.namespace, name)),
    isServed: store.routes.isServed,
    domainsOf: (host) => domainsUnder(documents, host, namespace),
  };
}

function isGrant(document: Projection): document is ApiGrantProjection {
  return document.kind === "ApiGrant";
}
