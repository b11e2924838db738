import type { BindingFact, FactOf } from "../facts.ts";
import type { Finding } from "../finding.ts";
import type { VendorBinding } from "./model.ts";
import { byOrigin, grouped, timeOf } from "./order.ts";

/**
 * Each binding once. A binding that only a state has, although the management API listed all bindings of its service or of its
 * application, was removed since the state's last refresh, or was added later: carrying it over could open access.
 */
export function mergeBindings(
  facts: readonly BindingFact[],
  coverage: readonly FactOf<"coverage">[],
  findings: Finding[],
): readonly VendorBinding[] {
  const covered = new Set(coverage.map(({ of, id }) => `${of} ${id}`));
  const bindings: VendorBinding[] = [];
  for (const all of grouped(facts, bindingKey).values()) {
    const [first, ...rest] = all.toSorted(byOrigin) as [BindingFact, ...BindingFact[]];
    const { application, service, api, environment, from } = first;
    const isListed =
      covered.has(`service ${service}`) ||
      covered.has(`application ${application}`) ||
      covered.has(`api ${api} ${environment}`);
    if (first.origin !== "response" && isListed) {
      findings.push(stale(first));
      continue;
    }
    const applicationName = [first, ...rest].find((one) => one.applicationName !== "")?.applicationName ?? "";
    const expires = firstEnd(all);
    bindings.push({ application, applicationName, service, api, environment, expires, from });
  }
  return bindings;
}

/** The earliest end that a file has: a later one could open access. */
function firstEnd(all: readonly BindingFact[]): string {
  const ends = all.map(({ expires }) => expires).filter((one) => one !== "");
  return ends.toSorted((a, b) => (timeOf(a) ?? 0) - (timeOf(b) ?? 0))[0] ?? "";
}

function bindingKey({ application, service, api, environment }: BindingFact): string {
  return `${application}#${environment}#${service}#${api}`;
}

function stale({ application, api, environment, from }: BindingFact): Finding {
  return {
    level: "decision",
    code: "StaleBinding",
    subject: `${application} to ${api} in ${environment}`,
    text: "the state has this binding, the newer list of the management API does not: it is not granted",
    from: [from],
  };
}
