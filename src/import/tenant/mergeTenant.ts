import type { Fact, FactOf } from "../facts.ts";
import type { Finding, InputProblem } from "../finding.ts";
import type { Gateway } from "../gateway/gateway.ts";
import { mergeApis, mergeRestrictions } from "./apis.ts";
import { mergeApplications } from "./applications.ts";
import { mergeBindings } from "./bindings.ts";
import { incompleteLists } from "./completeness.ts";
import { mergeDomains } from "./domains.ts";
import { editedApis } from "./editedApis.ts";
import type { Tenant } from "./model.ts";
import { mergeServices } from "./services.ts";

/** A merged tenant, what was decided on the way, and contradictions that only a person can resolve. */
export interface MergedTenant {
  readonly tenant: Tenant;
  readonly findings: readonly Finding[];
  readonly problems: readonly InputProblem[];
}

/** Merges the facts of all files into one tenant. The order of the files does not matter. */
export function mergeTenant(facts: readonly Fact[], { words }: Gateway): MergedTenant {
  const of = factsByKind(facts);
  const findings: Finding[] = [...incompleteLists(of("page"), words)];
  const merged = mergeApplications(of("application"), of("keyReset"), words);
  findings.push(...merged.findings, ...editedApis(of("api"), of("release")));
  const tenant: Tenant = {
    applications: merged.applications,
    services: mergeServices(of("service"), of("release")),
    apis: mergeApis(of("api"), findings),
    bindings: mergeBindings(of("binding"), of("coverage"), findings),
    domains: mergeDomains(of("domain"), words, findings),
    restrictions: mergeRestrictions(of("restriction"), of("coverage")),
  };
  return { tenant, findings, problems: [...withoutIds(facts), ...merged.problems] };
}

function factsByKind(facts: readonly Fact[]): <K extends Fact["kind"]>(kind: K) => readonly FactOf<K>[] {
  const groups = new Map<Fact["kind"], Fact[]>();
  for (const fact of facts) {
    const group = groups.get(fact.kind);
    if (group) group.push(fact);
    else groups.set(fact.kind, [fact]);
  }
  return <K extends Fact["kind"]>(kind: K) => (groups.get(kind) ?? []) as unknown as readonly FactOf<K>[];
}

/** Objects without the ids by which everything else refers to them. */
function withoutIds(facts: readonly Fact[]): readonly InputProblem[] {
  return facts.filter(isWithoutId).map(({ from }) => ({
    ...from,
    message: "has no id where the tools always write one: export it again",
  }));
}

function isWithoutId(fact: Fact): boolean {
  if (fact.kind === "application" || fact.kind === "service" || fact.kind === "api") return fact.id === "";
  if (fact.kind === "binding")
    return [fact.application, fact.service, fact.api, fact.environment].includes("");
  return fact.kind === "domain" && (fact.service === "" || fact.host === "");
}
