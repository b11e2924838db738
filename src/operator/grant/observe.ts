import type { ApiGrantStatus } from "../../api/apiGrant.ts";
import { validateApiGrant } from "../../api/validation/validate.ts";
import { gives } from "../../policy/ownership.ts";
import type { ApiGrantProjection, Labels, Projection } from "../../projection/documents.ts";
import { type Context, narrowed, observeProjection, refusalOf } from "../context.ts";
import { collectionKeyOf, type Subject } from "../key.ts";
import { remembered } from "../validated.ts";
import { applicationsStatus } from "./applications.ts";
import type { ObservedGrant } from "./observed.ts";

const validate = remembered(validateApiGrant);
const NOBODY: NonNullable<ApiGrantStatus["applications"]> = { bound: 0, pending: 0, items: [] };

/** Gathers what the plan for an ApiGrant looks at, from caches alone. */
export function observeGrant(context: Context, subject: Subject): ObservedGrant {
  const { store, projected } = context;
  const key = collectionKeyOf(subject);
  const object = store.grants.get(key);
  const validated = object && validate(object);
  const observed = observeProjection(context, subject);
  const projection = narrowed(observed.projection, subject, isGrant);
  const namespaceLabels = store.namespaces.get(subject.namespace)?.metadata.labels ?? {};
  const hosts = validated?.ok ? validated.spec.apis.flatMap((api) => api.hosts ?? []) : [];
  return {
    subject,
    object,
    validated,
    projection,
    acknowledgement: observed.acknowledgement,
    restores: observed.restores,
    refusal: refusalOf(context, "ApiGrant", object),
    namespaceLabels,
    foreignHosts: foreignHosts(context, subject.namespace, namespaceLabels, hosts),
    applications: projection?.document ? applicationsStatus(projection.document, projected) : NOBODY,
  };
}

function foreignHosts(
  { projected }: Context,
  namespace: string,
  namespaceLabels: Labels,
  hosts: readonly string[],
): readonly string[] {
  return [...new Set(hosts)].sort().filter((host) => {
    const owner = projected.domains.ownerOf(host);
    return !owner || !gives(owner, { namespace, namespaceLabels });
  });
}

function isGrant(document: Projection): document is ApiGrantProjection {
  return document.kind === "ApiGrant";
}
