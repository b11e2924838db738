import type { ApiDomain, ApiDomainSpec } from "../../api/apiDomain.ts";
import type { ApiDomainProjection } from "../../projection/documents.ts";
import { type Claim, listed } from "../conditions.ts";
import { planLifecycle } from "../lifecycle.ts";
import { planProjection } from "../projecting.ts";
import { selectorOf } from "../selector.ts";
import { planStatus } from "../status.ts";
import { REST, type Rest, type Step, type WriteStep } from "../step.ts";
import { accepted, invalidClaims, problemText, summary } from "../summary.ts";
import { isAcknowledgedByAll } from "../verifiers/acknowledgement.ts";
import { programmed } from "../withdrawal.ts";
import type { ObservedDomain } from "./observed.ts";

/** What to write next for one ApiDomain: at most one step. */
export function planDomain(seen: ObservedDomain, now: number): Step {
  const lifecycle = planLifecycle(seen, now);
  if (lifecycle) return lifecycle;
  const { object, validated } = seen;
  if (!object || !validated) return REST;
  if (!validated.ok) return planInvalid(seen, object, problemText(validated.problems), now);
  return (
    planProjection(seen, projectionOf(object, validated.spec)) ??
    planStatusOf(seen, object, now) ??
    rest(seen)
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

/** An invalid ApiDomain gives its hosts to nobody. It keeps them, so that they do not fall to the owner of a wider wildcard. */
function planInvalid(seen: ObservedDomain, object: ApiDomain, problem: string, now: number): Step {
  const before = seen.projection?.document;
  const write = before && planProjection(seen, { ...before, namespaces: { kind: "names", names: [] } });
  const claims = [...invalidClaims(problem), ...(before ? [programmed(seen)] : [])];
  return write ?? planStatus(seen, object, claims, now) ?? (before ? rest(seen) : REST);
}

function planStatusOf(seen: ObservedDomain, object: ApiDomain, now: number): WriteStep | undefined {
  if (seen.acknowledgement.kind === "unknown") return undefined;
  const facts = [acceptedOrConflicted(seen), programmed(seen)];
  return planStatus(seen, object, [...facts, summary(facts, {}, now)], now, {});
}

function acceptedOrConflicted({ lostHosts }: ObservedDomain): Claim {
  if (lostHosts.length === 0) return accepted();
  const message = `An older ApiDomain has ${listed(lostHosts)}: remove these hosts from one of the two; the other hosts are in effect`;
  return { type: "Accepted", status: "False", reason: "Conflicted", message };
}

function rest({ acknowledgement }: ObservedDomain): Rest {
  return { kind: "rest", waitsForVerifiers: !isAcknowledgedByAll(acknowledgement) };
}
