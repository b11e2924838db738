import { DNS_LABEL } from "../../api/schema/common.ts";
import type { Finding } from "../finding.ts";
import type { Tenant } from "../tenant/model.ts";
import { byText, grouped } from "../tenant/order.ts";
import type { EnvironmentsOf } from "./domains.ts";
import type { PlanOptions } from "./options.ts";

/** Environments in the order of their life. */
const ORDER: readonly string[] = ["release", "prepub", "pre", "test"];

/**
 * The environments of each service that response requests. Where no file lists the released ones, none is, unless the user
 * takes those with bindings as released.
 */
export function planEnvironments(
  tenant: Tenant,
  { assumesReleased, gateway }: PlanOptions,
  findings: Finding[],
): EnvironmentsOf {
  const bound = grouped(tenant.bindings, ({ service }) => service);
  const known = new Map<string, readonly string[]>();
  for (const [id, { released, name }] of tenant.services) {
    const ofBindings = new Set((bound.get(id) ?? []).map(({ environment }) => environment));
    if (released === undefined && ofBindings.size > 0)
      findings.push({
        level: "decision",
        code: "NotReleased",
        subject: `service ${name === "" ? id : `${name} (${id})`}`,
        text: assumesReleased
          ? `no file lists the released environments: ${list(ofBindings)} are taken as released, because of --assume-released`
          : `no file lists the released environments, so nothing of it is granted: export ${gateway.words.releaseCall}, or import with --assume-released to take ${list(ofBindings)} as released`,
        from: [],
      });
    const environments = [...(released ?? (assumesReleased ? ofBindings : []))].sort(byLife);
    const valid = environments.filter((one) => NAME.test(one));
    if (valid.length < environments.length) findings.push(invalidName(id, environments));
    if (released !== undefined || assumesReleased) known.set(id, valid);
  }
  return (service) => known.get(service);
}

/** What an ApiGrant can name; the vendor has release, prepub and test. */
const NAME = new RegExp(DNS_LABEL);

function invalidName(service: string, environments: readonly string[]): Finding {
  const names = environments.filter((one) => !NAME.test(one)).map((one) => JSON.stringify(one));
  const text = `an environment has a name that an ApiGrant cannot have (${names.join(", ")}), so nothing is granted in it`;
  return { level: "decision", code: "NotReleased", subject: `service ${service}`, text, from: [] };
}

function byLife(a: string, b: string): number {
  const rank = (name: string) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  return rank(a) - rank(b) || byText(a, b);
}

function list(names: Iterable<string>): string {
  return [...names].sort(byLife).join(", ");
}
