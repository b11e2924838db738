import type { ApiGrantStatus } from "../../api/apiGrant.ts";
import { objectKey } from "../../api/names.ts";
import { validateApiGrant } from "../../api/validation/validate.ts";
import { gives, type NamespaceOf } from "../../policy/ownership.ts";
import type { ApiGrantProjection, Projection } from "../../projection/documents.ts";
import { type Context, narrowed, observeProjection, refusalOf } from "../context.ts";
import { domainsUnder, hostsWithoutEnvironment } from "../hosts.ts";
import { collectionKeyOf, type Subject } from "../subject.ts";
import { remembered } from "../validated.ts";
import { applicationsStatus } from "./applications.ts";
import type { ObservedGrant } from "./observed.ts";
import { resolveTargets, type Targets, type TargetWorld } from "./targets.ts";

const validate = remembered(validateApiGrant);
const NO_TARGETS: Targets = { apis: [], hosts: [], problems: [] };
const NOBODY: NonNullable<ApiGrantStatus["applications"]> = { bound: 0, pending: 0, items: [] };

/** Gathers what the plan for an ApiGrant looks at, from caches alone. */
export function observeGrant(context: Context, subject: Subject): ObservedGrant {
  const { store, documents } = context;
  const key = collectionKeyOf(subject);
  const object = store.grants.get(key);
  const validated = object && validate(object);
  const observed = observeProjection(context, subject);
  const projection = narrowed(observed.projection, subject, isGrant);
  const namespaceLabels = store.namespaces.get(subject.namespace)?.metadata.labels ?? {};
  const spec = validated?.ok ? validated.spec : validated?.stored;
  const owner = { namespace: subject.namespace, namespaceLabels };
  const targets = spec?.targetRefs ? resolveTargets(spec, targetWorld(context, owner)) : NO_TARGETS;
  const hosts = [
    ...new Set([...(spec?.apis.flatMap((api) => api.hosts ?? []) ?? []), ...targets.hosts]),
  ].sort();
  const foreign = foreignHosts(context, owner, hosts);
  const own = hosts.filter((host) => !foreign.includes(host));
  const environment = spec?.environment ?? "";
  return {
    subject,
    object,
    validated,
    projection,
    acknowledgement: observed.acknowledgement,
    times: observed.times,
    restores: observed.restores,
    refusal: refusalOf(context, "ApiGrant", object),
    namespaceLabels,
    targets,
    foreignHosts: foreign,
    hostsWithoutEnvironment: hostsWithoutEnvironment(documents, {
      hosts: own,
      environment,
      namespace: owner,
    }),
    applications: projection?.document ? applicationsStatus(projection.document, documents) : NOBODY,
  };
}

function foreignHosts(
  { documents }: Context,
  namespace: NamespaceOf,
  hosts: readonly string[],
): readonly string[] {
  return hosts.filter((host) => {
    const owner = documents.domains.ownerOf(host);
    return !owner || !gives(owner, namespace);
  });
}

function targetWorld({ store, documents }: Context, namespace: NamespaceOf): TargetWorld {
  return {
    route: (name) => store.routes.get(objectKey(namespace.namespace, name)),
    isServed: store.routes.isServed,
    domainsOf: (host) => domainsUnder(documents, host, namespace),
  };
}

function isGrant(document: Projection): document is ApiGrantProjection {
  return document.kind === "ApiGrant";
}
