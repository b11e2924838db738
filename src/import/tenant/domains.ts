import type { FactOf, PathMapping } from "../facts.ts";
import type { Finding } from "../finding.ts";
import type { GatewayWords } from "../gateway/gateway.ts";
import type { VendorDomain } from "./model.ts";
import { byOrigin, grouped } from "./order.ts";

type DomainFact = FactOf<"domain">;
type Mapping =
  | { readonly kind: "default" }
  | { readonly kind: "custom"; readonly mappings: readonly PathMapping[] }
  | { readonly kind: "unknown"; readonly why: string };

/** Merges what all files have of each custom domain. One whose mapping is not known is a decision, and is left out. */
export function mergeDomains(
  facts: readonly DomainFact[],
  { domainRemedy }: GatewayWords,
  findings: Finding[],
): readonly VendorDomain[] {
  const crowded = crowdedServices(facts);
  const domains: VendorDomain[] = [];
  for (const [host, all] of grouped(facts, (one) => one.host)) {
    const sorted = all.toSorted(byOrigin);
    const [first] = sorted as [DomainFact, ...DomainFact[]];
    const owners = new Set(
      sorted.filter(({ origin }) => origin === first.origin).map(({ service }) => service),
    );
    const mapping =
      owners.size > 1
        ? unknown("several services claim it, and a domain can belong to one")
        : mappingOf(
            sorted.filter((one) => one.service === first.service),
            crowded,
          );
    if (mapping.kind === "unknown") {
      const subject = `domain ${host} of ${first.service}`;
      const from = sorted.map((one) => one.from);
      findings.push({
        level: "decision",
        code: "DomainUnknown",
        subject,
        text: `${mapping.why}: ${domainRemedy}`,
        from,
      });
    } else
      domains.push({
        service: first.service,
        host,
        mappings: mapping.kind === "custom" ? mapping.mappings : undefined,
      });
  }
  return domains;
}

/** Services with more than one custom domain in a state. */
function crowdedServices(facts: readonly DomainFact[]): ReadonlySet<string> {
  const states = grouped(
    facts.filter(({ origin }) => origin === "state"),
    ({ service }) => service,
  );
  return new Set(
    [...states].filter(([, all]) => new Set(all.map(({ host }) => host)).size > 1).map(([id]) => id),
  );
}

/** `sorted` are the facts of one domain, the most trusted first. */
function mappingOf(sorted: readonly DomainFact[], crowded: ReadonlySet<string>): Mapping {
  const responses = sorted.filter(({ origin }) => origin !== "state");
  if (responses.length > 0) return fromResponses(responses);
  const [state] = sorted as [DomainFact, ...DomainFact[]];
  if (crowded.has(state.service))
    return unknown(
      "the state has several domains of this service, and the provider stores the settings of the first one for each of them",
    );
  return checked(state.isDefault, state.mappings ?? []);
}

/** DescribeServiceSubDomains has the kind of mapping, DescribeServiceSubDomainMappings the paths. */
function fromResponses(responses: readonly DomainFact[]): Mapping {
  const detailed = responses.find(({ mappings }) => mappings !== undefined);
  if (detailed) return checked(detailed.isDefault, detailed.mappings ?? []);
  const isDefault = responses.find((one) => one.isDefault !== undefined)?.isDefault;
  return isDefault ? { kind: "default" } : unknown("its path mappings are in no file");
}

function checked(isDefault: boolean | undefined, mappings: readonly PathMapping[]): Mapping {
  if (mappings.length > 0)
    return isDefault
      ? unknown("it has the default mapping and path mappings, of which only one can be true")
      : { kind: "custom", mappings };
  return isDefault ? { kind: "default" } : unknown("it has a custom mapping without any path");
}

function unknown(why: string): Mapping {
  return { kind: "unknown", why };
}
