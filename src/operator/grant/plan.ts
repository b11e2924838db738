import type { ApiGrant, ApiGrantSpec } from "../../api/apiGrant.ts";
import { isAcknowledged } from "../acknowledgements.ts";
import { type Claim, listed } from "../conditions.ts";
import { planLifecycle } from "../lifecycle.ts";
import { planProjection } from "../projecting.ts";
import { planStatus } from "../status.ts";
import { REST, type Rest, type Step, type WriteStep } from "../step.ts";
import { accepted, invalidClaims, nextChange, problemText, summary } from "../summary.ts";
import { programmed } from "../withdrawal.ts";
import type { ObservedGrant } from "./observed.ts";
import { projectionOf } from "./project.ts";

/** What to write next for one ApiGrant: at most one step. */
export function planGrant(seen: ObservedGrant, now: number): Step {
  const lifecycle = planLifecycle(seen, now);
  if (lifecycle) return lifecycle;
  const { object, validated } = seen;
  if (!object || !validated) return REST;
  if (!validated.ok) return planInvalid(seen, object, problemText(validated.problems), now);
  const { spec } = validated;
  return (
    planProjection(seen, projectionOf(object, spec, seen.namespaceLabels)) ??
    planStatusOf(seen, object, spec, now) ??
    rest(seen, nextChange(spec, now))
  );
}

/** An invalid grant admits nobody; it keeps its claims to paths, so that no wider grant opens them. */
function planInvalid(seen: ObservedGrant, object: ApiGrant, problem: string, now: number): Step {
  const before = seen.projection?.document;
  const write = before && planProjection(seen, { ...before, suspended: true });
  const claims = [...invalidClaims(problem), ...(before ? [programmed(seen.acknowledgement)] : [])];
  return write ?? planStatus(seen, object, claims, now) ?? (before ? rest(seen) : REST);
}

function planStatusOf(
  seen: ObservedGrant,
  object: ApiGrant,
  spec: ApiGrantSpec,
  now: number,
): WriteStep | undefined {
  if (seen.acknowledgement.kind === "unknown") return undefined;
  const facts = [accepted(), ...references(spec), hostsOwned(seen, spec), programmed(seen.acknowledgement)];
  const claims = [
    ...facts.filter(({ type }) => type !== "Stalled"),
    summary(facts.filter(notStalled), spec, now),
  ];
  const stalled = facts.filter((claim) => !notStalled(claim));
  return planStatus(seen, object, [...claims, ...stalled], now, { applications: seen.applications });
}

function notStalled({ type }: Claim): boolean {
  return type !== "Stalled";
}

function references({ targetRefs }: ApiGrantSpec): readonly Claim[] {
  if (targetRefs === undefined) {
    const message = "The hosts and paths stand in the spec";
    return [{ type: "ResolvedRefs", status: "True", reason: "ResolvedRefs", message }];
  }
  const reason = "TargetRefsNotSupported";
  const message =
    "This version does not read HTTPRoutes, so the grant admits nobody: write hosts and paths in apis instead";
  return [
    { type: "ResolvedRefs", status: "False", reason, message },
    { type: "Stalled", status: "True", reason, message },
  ];
}

/** Who owns a host that is not ours is not told. */
function hostsOwned({ foreignHosts }: ObservedGrant, { targetRefs }: ApiGrantSpec): Claim {
  const type = "HostsOwned";
  if (targetRefs !== undefined) {
    const message = "The hosts of the targets are not known";
    return { type, status: "Unknown", reason: "TargetRefsNotSupported", message };
  }
  if (foreignHosts.length === 0)
    return {
      type,
      status: "True",
      reason: "HostsOwned",
      message: "ApiDomains give every host to this namespace",
    };
  const message = `No ApiDomain gives this namespace ${listed(foreignHosts)}: there the grant has no effect; ask the cluster's admin for an ApiDomain`;
  return { type, status: "False", reason: "HostNotOwned", message };
}

function rest({ acknowledgement }: ObservedGrant, until = Number.POSITIVE_INFINITY): Rest {
  return {
    kind: "rest",
    waitsForVerifiers: !isAcknowledged(acknowledgement),
    ...(Number.isFinite(until) ? { until } : {}),
  };
}
