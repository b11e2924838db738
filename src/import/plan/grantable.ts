import type { Finding } from "../finding.ts";
import type { Gateway } from "../gateway/gateway.ts";
import { apiText } from "../tenant/apis.ts";
import type { Restriction, Tenant, VendorApi } from "../tenant/model.ts";
import type { WrittenPath } from "./objects.ts";
import type { PlanOptions } from "./options.ts";
import { seenText } from "./paths/seenPaths.ts";
import type { VendorPath } from "./paths/vendorPath.ts";

/**
 * What an API becomes. `granted`: its callers get a grant. `held`: it keeps its paths from other APIs' wider paths, but
 * no caller may use it until a person decides; its callers are named where only a decision is missing.
 */
export interface GrantableApi {
  readonly api: VendorApi;
  readonly use: "granted" | "held";
  /** Whether nothing but a restriction, which may be one of another environment, keeps it from being granted. */
  readonly isOpen: boolean;
  /** Whether the callers of a held API are written, so that a person only has to remove `suspended`. */
  readonly namesCallers: boolean;
  /** Empty if no path of a grant can stand for it. */
  readonly paths: readonly WrittenPath[];
  /** Empty for all methods. */
  readonly methods: readonly string[];
  readonly vendorPath: VendorPath;
  readonly restrictions: readonly Restriction[];
}

const METHOD = /^[A-Z]([A-Z-]*[A-Z])?$/;

/** Decides for each API whether a grant can express it, and reports each one for which it cannot. */
export function planApis(
  tenant: Tenant,
  options: PlanOptions,
  findings: Finding[],
): ReadonlyMap<string, GrantableApi> {
  const bound = new Set(tenant.bindings.map(({ api }) => api));
  return new Map(
    [...tenant.apis.values()].map((api) => {
      const restrictions = [api.id, api.service].flatMap((id) => tenant.restrictions.get(id) ?? []);
      return [api.id, planApi(api, restrictions, bound.has(api.id), options, findings)];
    }),
  );
}

function planApi(
  api: VendorApi,
  restrictions: readonly Restriction[],
  isBound: boolean,
  options: PlanOptions,
  findings: Finding[],
): GrantableApi {
  const { rules } = options.gateway;
  const decide = (code: Finding["code"], text: string, places = [api.from]) =>
    findings.push({ level: "decision", code, subject: apiText(api), text, from: places });
  const { vendorPath, paths, pattern } = rules.writtenPaths(api.path, options.isNarrow);
  const method = api.method.toUpperCase();
  const methods = method === "ANY" ? [] : [method];
  const isPath = pattern === undefined && vendorPath.kind !== "impossible";
  const namesCallers = restrictions.length > 0 && isPath;
  const authentication = authenticationProblem(api, options.gateway);
  const isUnknown = rules.authenticationOf(api.auth) === "unknown";
  const admits = authentication === undefined && (!isUnknown || rules.assumesAuthentication);
  const shape = { api, paths, methods, vendorPath, restrictions, namesCallers };
  if (method === "" || methods.some((one) => !METHOD.test(one))) {
    decide("PathNotSupported", methodText(api.method));
    return { ...shape, methods: [], use: "held", isOpen: false };
  }
  if (authentication !== undefined) decide("NotAppAuth", authentication);
  else if (isBound && pattern) decide("PathNotSupported", patternText(pattern, options, paths));
  else if (vendorPath.kind === "impossible")
    decide("PathNotSupported", `its path cannot be written (${vendorPath.why}): its callers get no grant`);
  else if (isBound && restrictions.length > 0)
    decide("Restricted", restrictedText(restrictions), [api.from, ...restrictions.map(({ from }) => from)]);
  else if (isBound && isUnknown) decide("AuthAssumed", unknownText(options.gateway));
  const isOpen = admits && !api.isDisputed;
  return { ...shape, isOpen, use: isPath && isOpen && restrictions.length === 0 ? "granted" : "held" };
}

/** Undefined if applications may call it. */
function authenticationProblem({ auth, protocol }: VendorApi, { rules, words }: Gateway): string | undefined {
  if (/\bWEBSOCKET\b/i.test(protocol))
    return "is a WebSocket API, which a grant cannot express: no caller may use it";
  const kind = rules.authenticationOf(auth);
  if (kind === "application" || kind === "unknown") return undefined;
  if (kind === "none")
    return `has no authentication (${words.noAuthentication}): Countersign denies its requests, so route them around the verifier; bindings to it had no effect`;
  return `has AuthType ${auth}: ${words.otherAuthentication}`;
}

function methodText(method: string): string {
  return method === ""
    ? "no file has its method: no caller may use it"
    : `${method} is no method of HTTP: no caller may use it`;
}

function unknownText({ rules, words }: Gateway): string {
  return rules.assumesAuthentication
    ? "no file has its AuthType; it is taken as APP, since applications are bound to it: look it up, and delete it from the grants if it is another"
    : `no file has its AuthType, so no caller may use it: ${words.exportAuthentication}, and import again`;
}

function patternText(
  path: { readonly text: string; readonly why: string },
  { seenPaths }: PlanOptions,
  paths: readonly WrittenPath[],
): string {
  const held =
    paths.length === 0 ? "" : `; until then no caller may use ${paths.map(({ value }) => value).join(", ")}`;
  return `its path ${path.why}: write the paths that it stands for into a grant${seenText(path, seenPaths)}${held}`;
}

function restrictedText(restrictions: readonly Restriction[]): string {
  const what = [...new Set(restrictions.map((one) => one.what))].join(", ");
  const remedies = [...new Set(restrictions.map(({ remedy }) => remedy || "enforce the same rule in Envoy"))];
  return `${what} applied to it there: its grant is written with suspended: true; ${remedies.join("; ")}, then remove suspended`;
}
