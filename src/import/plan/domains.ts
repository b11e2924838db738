import { validateApiDomain } from "../../api/validation/validate.ts";
import type { Finding } from "../finding.ts";
import type { Tenant, VendorDomain, VendorService } from "../tenant/model.ts";
import { byText } from "../tenant/order.ts";
import { domainName } from "./names.ts";
import type { WrittenDomain } from "./objects.ts";
import type { PlanOptions } from "./options.ts";

/** A host of a service, with its environments. */
export interface ServiceHost extends WrittenDomain {
  readonly service: string;
  /** The host at the vendor. */
  readonly oldHost: string;
  readonly isDefault: boolean;
}

/** The environments of a service that response requests; undefined if no file has them. */
export type EnvironmentsOf = (service: string) => readonly string[] | undefined;

/** Every host of every service. Default hosts without a new one are written too, so that captured requests can be replayed. */
export function planHosts(
  tenant: Tenant,
  options: PlanOptions,
  environmentsOf: EnvironmentsOf,
  findings: Finding[],
): readonly ServiceHost[] {
  const known = [
    ...[...tenant.services.values()].flatMap((one) => defaultHosts(one, options, environmentsOf)),
    ...tenant.domains.map((domain) => customHost(domain, options, environmentsOf)),
  ];
  const hosts = [...known, ...stageHosts(known, options)];
  return hosts.filter((host) => isWritable(host, options, findings)).sort((a, b) => byText(a.host, b.host));
}

/** Hosts of `--host OLD/ENVIRONMENT=NEW`: a host for requests that chose the environment by a header at the vendor. */
function stageHosts(known: readonly ServiceHost[], { hosts }: PlanOptions): readonly ServiceHost[] {
  return [...hosts].flatMap(([old, host]) => {
    const [oldHost, environment] = old.split("/");
    const owner = known.find((one) => one.oldHost === oldHost);
    if (!owner || oldHost === undefined || environment === undefined) return [];
    const environments = [{ name: environment, pathPrefix: "/" }];
    return [
      { name: domainName(host), host, oldHost, service: owner.service, isDefault: false, environments },
    ];
  });
}

function defaultHosts(
  service: VendorService,
  { hosts, gateway }: PlanOptions,
  environmentsOf: EnvironmentsOf,
): readonly ServiceHost[] {
  const environments = gateway.rules.environmentsOfHost(environmentsOf(service.id) ?? []);
  return service.defaultHosts.map((oldHost) => {
    const host = hosts.get(oldHost) ?? oldHost;
    return { name: domainName(host), host, oldHost, service: service.id, isDefault: true, environments };
  });
}

function customHost(
  domain: VendorDomain,
  { hosts, gateway }: PlanOptions,
  environmentsOf: EnvironmentsOf,
): ServiceHost {
  const { service, host: oldHost, mappings } = domain;
  const host = hosts.get(oldHost) ?? oldHost;
  const environments =
    mappings?.map(({ path, environment }) => ({ name: environment, pathPrefix: prefixOf(path) })) ??
    gateway.rules.environmentsOfHost(environmentsOf(service) ?? []);
  return { name: domainName(host), host, oldHost, service, isDefault: false, environments };
}

function prefixOf(path: string): string {
  return path === "/" ? path : path.replace(/\/+$/, "");
}

function isWritable(host: ServiceHost, { namespace }: PlanOptions, findings: Finding[]): boolean {
  const subject = `domain ${host.oldHost} of ${host.service}`;
  if (host.environments.length === 0) {
    const text = "no environment of its service is known to be released, so its ApiDomain is not written";
    findings.push({ level: "decision", code: "DomainUnknown", subject, text, from: [] });
    return false;
  }
  const { name, environments } = host;
  const spec = { hosts: [host.host], namespaces: { names: [namespace] }, environments };
  const checked = validateApiDomain({ metadata: { name }, spec });
  if (checked.ok) return true;
  const text = `its ApiDomain is not written: ${checked.problems.map((one) => `${one.field}: ${one.message}`).join("; ")}`;
  findings.push({ level: "decision", code: "DomainUnknown", subject, text, from: [] });
  return false;
}
