import { validateApiDomain } from "../../api/validation/validate.ts";
import type { ApiDomainProjection, Projection } from "../../projection/documents.ts";
import { type Context, narrowed, observeProjection, refusalOf } from "../context.ts";
import { collectionKeyOf, type Subject } from "../subject.ts";
import { remembered } from "../validated.ts";
import type { ObservedDomain } from "./observed.ts";

const validate = remembered(validateApiDomain);

/** Gathers what the plan for an ApiDomain looks at, from caches alone. */
export function observeDomain(context: Context, subject: Subject): ObservedDomain {
  const { store, documents } = context;
  const key = collectionKeyOf(subject);
  const object = store.domains.get(key);
  const observed = observeProjection(context, subject);
  const projection = narrowed(observed.projection, subject, isDomain);
  const document = projection?.document;
  return {
    subject,
    object,
    validated: object && validate(object),
    projection,
    acknowledgement: observed.acknowledgement,
    times: observed.times,
    restores: observed.restores,
    refusal: refusalOf(context, "ApiDomain", object),
    lostHosts: document && !document.tombstone ? documents.domains.lostHosts(document) : [],
  };
}

function isDomain(document: Projection): document is ApiDomainProjection {
  return document.kind === "ApiDomain";
}
