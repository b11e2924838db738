import type { ApiGrant, ApiGrantSpec } from "../../api/apiGrant.ts";
import type { Problem } from "../../api/validation/problem.ts";
import type { ApiGrantProjection } from "../../projection/documents.ts";
import { type ConditionDraft, listed } from "../conditions/conditionDraft.ts";
import { problemText } from "../conditions/exceptional.ts";
import { programmed } from "../conditions/programmed.ts";
import { expiring, expiringFrom, reminderEvent } from "../conditions/reminders.ts";
import { accepted, ready, shadowing } from "../conditions/summary.ts";
import { usedTimes } from "../lastUse/usePart.ts";
import { planLifecycle } from "../plan/lifecycle.ts";
import { nextChange } from "../plan/lifetime.ts";
import { planInvalid } from "../plan/planInvalid.ts";
import { planProjection } from "../plan/planProjection.ts";
import { planStatus } from "../plan/planStatus.ts";
import { REST, restUntil } from "../plan/rest.ts";
import type { Step, WriteStep } from "../plan/step.ts";
import { broadPath } from "./broadPath.ts";
import { buildGrantProjection } from "./buildGrantProjection.ts";
import type { ObservedGrant } from "./observed.ts";
import type { TargetProblem } from "./rules.ts";

/** The next step for one ApiGrant. */
export function planGrant(seen: ObservedGrant): Step {
  const lifecycle = planLifecycle(seen);
  if (lifecycle) return lifecycle;
  const { object, validated } = seen;
  if (!object || !validated) return REST;
  const spec = validated.ok ? validated.spec : validated.stored;
  if (!spec) return planInvalid(seen, object, problemsOf(validated), disabled(seen.projection?.document));
  return (
    planProjection(seen, buildGrantProjection(object, spec, seen.namespaceLabels, seen.targets.apis)) ??
    planStatusOf(seen, object, spec) ??
    restUntil(seen, nextTime(seen, spec))
  );
}

/** An invalid grant allows no Application. It keeps its paths, so that no wider grant opens them. */
function disabled(document: ApiGrantProjection | undefined): ApiGrantProjection | undefined {
  return document && { ...document, suspended: true };
}

function planStatusOf(seen: ObservedGrant, object: ApiGrant, spec: ApiGrantSpec): WriteStep | undefined {
  if (seen.acknowledgement.kind === "unknown") return undefined;
  const { now } = seen.times;
  const [acceptance, ...stalled] = acceptedOrRatcheted(seen);
  const facts = [acceptance, references(seen, spec), hostsOwned(seen), programmed(seen)];
  const exceptional = [...stalled, ...broadPath(spec), ...shadowing(spec, now), ...expiring(spec, now)];
  const { use } = seen;
  const conditions = [...facts, ...exceptional, ...use.conditions, ready(facts, spec, now)];
  const step = planStatus(seen, object, conditions, {
    applications: seen.applications,
    ...usedTimes(use),
  });
  const event = reminderEvent(conditions, object.status?.conditions);
  return step && event ? { ...step, event } : step;
}

/** A stored grant with a pattern matches it literally, as before; only an edit resolves this. */
function acceptedOrRatcheted({ validated }: ObservedGrant): readonly [ConditionDraft, ...ConditionDraft[]] {
  const problems = problemsOf(validated);
  if (problems.length === 0) return [accepted()];
  const reason = "PatternNotSupported";
  const message = `${problemText(problems)}. The grant was stored before such patterns were rejected: it matches these characters literally, and the rest of it is in effect`;
  return [
    { type: "Accepted", status: "False", reason, message },
    { type: "Stalled", status: "True", reason, message },
  ];
}

function problemsOf(validated: ObservedGrant["validated"]): readonly Problem[] {
  return validated && !validated.ok ? validated.problems : [];
}

/** Lists the references that cannot be granted; the rest of the grant is in effect. */
function references(seen: ObservedGrant, { targetRefs, environment }: ApiGrantSpec): ConditionDraft {
  const type = "ResolvedRefs";
  const problems = [...environmentProblems(seen, environment), ...seen.targets.problems];
  const [first] = problems;
  if (first) {
    const message = listed(problems.map((problem) => problem.message));
    return { type, status: "False", reason: first.reason, message };
  }
  const message = targetRefs ? "The HTTPRoutes exist" : "The spec lists its hosts and paths";
  return { type, status: "True", reason: "ResolvedRefs", message };
}

/** The environment is immutable, so the remedy is another grant or another ApiDomain. */
function environmentProblems(
  { hostsWithoutEnvironment: hosts }: ObservedGrant,
  environment: string,
): readonly TargetProblem[] {
  if (hosts.length === 0) return [];
  const places = hosts.map(({ host, environments }) => `${host} (which has ${listed(environments, 16)})`);
  const message = `No ApiDomain has environment ${environment} on ${listed(places)}: the grant has no effect there; create an ApiGrant for an environment that exists, or ask the cluster's admin to add ${environment} to the ApiDomain`;
  return [{ reason: "EnvironmentNotFound", message }];
}

/** The message does not disclose the owner of a host that belongs to another namespace. */
function hostsOwned({ foreignHosts, targets }: ObservedGrant): ConditionDraft {
  const type = "HostsOwned";
  if (foreignHosts.length > 0) {
    const message = `No ApiDomain assigns ${listed(foreignHosts)} to this namespace: the grant has no effect there; ask the cluster's admin for an ApiDomain`;
    return { type, status: "False", reason: "HostNotOwned", message };
  }
  const [problem] = targets.problems;
  if (problem && targets.hosts.length === 0) {
    const message = "The hosts of the targets are not known";
    return { type, status: "Unknown", reason: problem.reason, message };
  }
  const message = "ApiDomains assign every host to this namespace";
  return { type, status: "True", reason: "HostsOwned", message };
}

/** When time alone will next change the grant's status. */
function nextTime(seen: ObservedGrant, spec: ApiGrantSpec): number {
  const { now } = seen.times;
  const reminder = expiringFrom(spec);
  return Math.min(
    nextChange(spec, now),
    nextLook(seen),
    seen.use.until,
    reminder > now ? reminder : Number.POSITIVE_INFINITY,
  );
}

/** When to look for HTTPRoutes again: Gateway API may be installed later. */
function nextLook({ targets, times }: ObservedGrant): number {
  const isMissing = targets.problems.some(({ reason }) => reason === "GatewayApiMissing");
  return isMissing ? times.now + 60_000 : Number.POSITIVE_INFINITY;
}
