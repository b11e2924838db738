import type { ApiDomain, ApiDomainSpec } from "../../api/apiDomain.ts";
import type { ApiDomainProjection } from "../../projection/documents.ts";
import { type ConditionDraft, listed } from "../conditions/conditionDraft.ts";
import { programmed } from "../conditions/programmed.ts";
import { accepted, ready } from "../conditions/summary.ts";
import { planLifecycle } from "../plan/lifecycle.ts";
import { planInvalid } from "../plan/planInvalid.ts";
import { planProjection } from "../plan/planProjection.ts";
import { planStatus } from "../plan/planStatus.ts";
import { REST, restUntil } from "../plan/rest.ts";
import { selectorOf } from "../plan/selector.ts";
import type { Step, WriteStep } from "../plan/step.ts";
import type { ObservedDomain } from "./observed.ts";

/** The next step for one ApiDomain. */
export function planDomain(seen: ObservedDomain, now: number): Step {
  const lifecycle = planLifecycle(seen, now);
  if (lifecycle) return lifecycle;
  const { object, validated } = seen;
  if (!object || !validated) return REST;
  if (!validated.ok)
    return planInvalid(seen, object, validated.problems, disabled(seen.projection?.document), now);
  return (
    planProjection(seen, projectionOf(object, validated.spec)) ??
    planStatusOf(seen, object, now) ??
    restUntil(seen.acknowledgement)
  );
}

function projectionOf({ metadata }: ApiDomain, spec: ApiDomainSpec): ApiDomainProjection {
  const { hosts, namespaces, environments } = spec;
  return {
    kind: "ApiDomain",
    uid: metadata.uid,
    name: metadata.name,
    createdAt: metadata.creationTimestamp,
    tombstone: false,
    hosts,
    namespaces: namespaces.selector
      ? { kind: "selector", selector: selectorOf(namespaces.selector) }
      : { kind: "names", names: namespaces.names ?? [] },
    environments,
  };
}

/** An invalid ApiDomain gives its hosts to no namespace. It keeps them, so that they do not fall to the owner of a wider wildcard. */
function disabled(document: ApiDomainProjection | undefined): ApiDomainProjection | undefined {
  return document && { ...document, namespaces: { kind: "names", names: [] } };
}

function planStatusOf(seen: ObservedDomain, object: ApiDomain, now: number): WriteStep | undefined {
  if (seen.acknowledgement.kind === "unknown") return undefined;
  const facts = [acceptedOrConflicted(seen), programmed(seen)];
  return planStatus(seen, object, [...facts, ready(facts, {}, now)], now, {});
}

function acceptedOrConflicted({ lostHosts }: ObservedDomain): ConditionDraft {
  if (lostHosts.length === 0) return accepted();
  const message = `An older ApiDomain already has ${listed(lostHosts)}: remove these hosts from one of the two; the other hosts are in effect`;
  return { type: "Accepted", status: "False", reason: "Conflicted", message };
}
