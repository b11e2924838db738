import type { MadeApi, MadeTenant } from "./madeTenant.ts";

/** What the vendor's gateway does with a request, by its documented rules. */
export interface VendorVerdict {
  readonly isAllowed: boolean;
  /** The APIs that decided: more than one where the vendor's order of them is not documented. */
  readonly deciding: readonly MadeApi[];
}

interface Asked {
  readonly app: string;
  readonly method: string;
  readonly host: string;
  readonly path: string;
}

/**
 * A small model of the vendor's rules: host and prefix name service and environment, the path's precedence (exact, `^~`, variables
 * and regular expressions, plain by length) names the API, and its binding allows. As here, the path decides before the method.
 */
export function vendorVerdict(tenant: MadeTenant, { app, method, host, path }: Asked): VendorVerdict {
  const place = placeOf(tenant, host, path);
  const deciding = place ? decidingApis(tenant, place.service, place.rest) : [];
  const isAllowed = (api: MadeApi) =>
    api.auth === "APP" &&
    tenant.binds.some(
      (bind) => bind.app === app && bind.api === api.id && bind.environment === place?.environment,
    );
  const admitting = deciding.filter(
    (api) => (api.method === "ANY" || api.method === method) && isAllowed(api),
  );
  return { isAllowed: admitting.length > 0, deciding };
}

function placeOf({ services, domains }: MadeTenant, host: string, path: string) {
  const byDefault = services.find((service) => service.host === host);
  if (byDefault) return inFirstSegment(byDefault.id, byDefault.released, path);
  const domain = domains.find((one) => one.host === host);
  const service = services.find(({ id }) => id === domain?.service);
  if (!domain || !service) return undefined;
  if (domain.isDefault) return inFirstSegment(service.id, service.released, path);
  const mapping = domain.mappings
    .toSorted((a, b) => b.path.length - a.path.length)
    .find((one) => one.path === "/" || path === one.path || path.startsWith(`${one.path}/`));
  if (!mapping || !service.released.includes(mapping.environment)) return undefined;
  const rest = mapping.path === "/" ? path : path.slice(mapping.path.length) || "/";
  return { service: service.id, environment: mapping.environment, rest };
}

function inFirstSegment(service: string, released: readonly string[], path: string) {
  const [, environment = ""] = path.split("/");
  if (!released.includes(environment)) return undefined;
  return { service, environment, rest: path.slice(environment.length + 1) || "/" };
}

/** The APIs of the most specific path; regular expressions beside the variables, since their mutual order is not documented. */
function decidingApis({ apis }: MadeTenant, service: string, path: string): readonly MadeApi[] {
  const own = apis.filter((api) => api.service === service);
  const exact = own.filter((api) => api.path === `=${path}`);
  if (exact.length > 0) return exact;
  const marked = longest(own, (one) =>
    one.startsWith("^~") && path.startsWith(one.slice(2)) ? one.length : 0,
  );
  if (marked.length > 0) return marked;
  const patterns = own.filter((api) => isRegular(api.path) && new RegExp(api.path).test(path));
  const variables = longest(own, (one) =>
    one.includes("{") && expressionOf(one).test(path) ? one.replaceAll(/\{[^}]*\}/g, "").length : 0,
  );
  if (patterns.length + variables.length > 0) return [...patterns, ...variables];
  return longest(own, (one) => (!isMarked(one) && path.startsWith(one) ? one.length : 0));
}

/** The APIs whose path has the highest score, which is above 0. */
function longest(apis: readonly MadeApi[], scoreOf: (path: string) => number): readonly MadeApi[] {
  const best = Math.max(0, ...apis.map((api) => scoreOf(api.path)));
  return best === 0 ? [] : apis.filter((api) => scoreOf(api.path) === best);
}

function isMarked(path: string): boolean {
  return path.startsWith("=") || path.startsWith("^~") || path.includes("{") || isRegular(path);
}

/** Whether a path is a regular expression of the vendor's. */
export function isRegular(path: string): boolean {
  return !path.startsWith("^~") && /[*+?[\]()|^$\\]/.test(path);
}

/** A variable is one or more characters, `/` included. */
function expressionOf(path: string): RegExp {
  const literals = path.split(/\{[^}]*\}/).map((one) => one.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${literals.join(".+")}$`);
}
