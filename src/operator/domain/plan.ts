import type { ApiDomain } from "../../api/apiDomain.ts";
import type { ApiDomainProjection } from "../../projection/documents.ts";
import { type ConditionDraft, listed } from "../conditions/conditionDraft.ts";
import { programmed } from "../conditions/programmed.ts";
import { accepted, ready } from "../conditions/summary.ts";
import { planLifecycle } from "../plan/lifecycle.ts";
import { planInvalid } from "../plan/planInvalid.ts";
import { planProjection } from "../plan/planProjection.ts";
import { planStatus } from "../plan/planStatus.ts";
import { REST, restUntil } from "../plan/rest.ts";
import type { Step, WriteStep } from "../plan/step.ts";
import { buildDomainProjection } from "./buildDomainProjection.ts";
import type { ObservedDomain } from "./observed.ts";

/** The next step for one ApiDomain. */
export function planDomain(seen: ObservedDomain): Step {
  const lifecycle = planLifecycle(seen);
  if (lifecycle) return lifecycle;
  const { object, validated } = seen;
  if (!object || !validated) return REST;
  if (!validated.ok)
    return planInvalid(seen, object, validated.problems, disabled(seen.projection?.document));
  return (
    planProjection(seen, buildDomainProjection(object, validated.spec)) ??
    planStatusOf(seen, object) ??
    restUntil(seen)
  );
}

/** An invalid ApiDomain gives its hosts to no namespace. It keeps them, so that they do not fall to the owner of a wider wildcard. */
function disabled(document: ApiDomainProjection | undefined): ApiDomainProjection | undefined {
  return document && { ...document, namespaces: { kind: "names", names: [] } };
}

function planStatusOf(seen: ObservedDomain, object: ApiDomain): WriteStep | undefined {
  if (seen.acknowledgement.kind === "unknown") return undefined;
  const facts = [acceptedOrConflicted(seen), programmed(seen)];
  return planStatus(seen, object, [...facts, ready(facts, {}, seen.times.now)], {});
}

function acceptedOrConflicted({ lostHosts }: ObservedDomain): ConditionDraft {
  if (lostHosts.length === 0) return accepted();
  const message = `An older ApiDomain already has ${listed(lostHosts)}: remove these hosts from one of the two; the other hosts are in effect`;
  return { type: "Accepted", status: "False", reason: "Conflicted", message };
}
