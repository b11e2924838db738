import { validateApiDomain } from "../../api/validation/validate.ts";
import type { ApiDomainProjection, Projection } from "../../projection/documents.ts";
import type { Deps } from "../deps.ts";
import { gatherCommon } from "../plan/gather.ts";
import { validateOnce } from "../plan/validateOnce.ts";
import { collectionKeyOf, type Subject } from "../subject.ts";
import type { ObservedDomain } from "./observed.ts";

const validate = validateOnce(validateApiDomain);

/** Gathers the input of an ApiDomain's plan, from caches only. */
export function observeDomain(deps: Deps, subject: Subject): ObservedDomain {
  const { store, documents } = deps;
  const key = collectionKeyOf(subject);
  const object = store.domains.get(key);
  const common = gatherCommon(deps, subject, object, isDomain);
  const document = common.projection?.document;
  return {
    ...common,
    validated: object && validate(object),
    lostHosts: document && !document.tombstone ? documents.domains.lostHosts(document) : [],
  };
}

function isDomain(document: Projection): document is ApiDomainProjection {
  return document.kind === "ApiDomain";
}
