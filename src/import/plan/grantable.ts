import type { Finding } from "../finding.ts";
import { apiText } from "../tenant/apis.ts";
import type { Restriction, Tenant, VendorApi } from "../tenant/model.ts";
import type { WrittenPath } from "./objects.ts";
import type { PlanOptions } from "./options.ts";
import { coverOf, readVendorPath, type VendorPath } from "./vendorPath.ts";

/**
 * What an API becomes. `granted`: its callers get a grant. `held`: it keeps its paths from other APIs' wider paths, but
 * no caller may use it until a person decides; its callers are named where only a decision is missing.
 */
export interface GrantableApi {
  readonly api: VendorApi;
  readonly use: "granted" | "held";
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
      const restrictions = tenant.restrictions.get(api.id) ?? [];
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
  const decide = (code: Finding["code"], text: string, places = [api.from]) =>
    findings.push({ level: "decision", code, subject: apiText(api), text, from: places });
  const vendorPath = readVendorPath(api.path);
  const method = api.method.toUpperCase();
  const methods = method === "ANY" || method === "" ? [] : [method];
  const paths = pathsOf(vendorPath, options.isNarrow);
  const pattern = patternOf(vendorPath, options.isNarrow);
  const isPath = pattern === undefined && vendorPath.kind !== "impossible";
  const namesCallers = restrictions.length > 0 && isPath;
  const shape = { api, paths, methods, vendorPath, restrictions, namesCallers };
  if (methods.some((one) => !METHOD.test(one))) {
    decide("PathNotSupported", `${api.method} is no method of HTTP: no caller may use it`);
    return { ...shape, methods: [], use: "held" };
  }
  const authentication = authenticationProblem(api, isBound);
  if (authentication !== undefined) decide("NotAppAuth", authentication);
  else if (isBound && pattern) decide("PathNotSupported", patternText(pattern, options, paths));
  else if (isBound && vendorPath.kind === "impossible")
    decide("PathNotSupported", `its path ${vendorPath.why}: its callers get no grant`);
  else if (isBound && restrictions.length > 0)
    decide("Restricted", restrictedText(restrictions), [api.from, ...restrictions.map(({ from }) => from)]);
  else if (isBound && api.auth === "")
    decide(
      "AuthAssumed",
      "no file has its AuthType; it is taken as APP, since applications are bound to it: look it up, and delete it from the grants if it is another",
    );
  const isHeld = authentication !== undefined || api.isDisputed || restrictions.length > 0;
  return { ...shape, use: isPath && !isHeld ? "granted" : "held" };
}

/** Undefined if applications may call it. */
function authenticationProblem({ auth, protocol }: VendorApi, isBound: boolean): string | undefined {
  if (/^WEBSOCKET$/i.test(protocol))
    return "is a WebSocket API, which a grant cannot express: no caller may use it";
  if (auth === "APP" || (auth === "" && isBound)) return undefined;
  if (auth === "") return undefined;
  if (auth === "NONE")
    return "has no authentication (NONE): Countersign denies its requests, so route them around the verifier; bindings to it had no effect";
  return `has AuthType ${auth}: bindings of applications to it had no effect, so no caller may use it`;
}

/** The paths under which the API is written: what it is, or what covers it where it can only be held. */
function pathsOf(path: VendorPath, isNarrow: boolean): readonly WrittenPath[] {
  if (path.kind === "impossible") return [];
  const covered = patternOf(path, isNarrow);
  if (covered === undefined) return [written(path, isNarrow)];
  return coverOf(covered.text).map((value) => written(readVendorPath(value), isNarrow));
}

/** What no path type can express: a regular expression, and for Template a variable that is part of a segment. */
function patternOf(
  path: VendorPath,
  isNarrow: boolean,
): { readonly text: string; readonly why: string } | undefined {
  if (path.kind === "pattern") return path;
  if (path.kind !== "template" || path.isWhole || !isNarrow) return undefined;
  return {
    text: path.value,
    why: "has a variable that is only part of a segment, which a Template cannot have",
  };
}

const MARKS = { exact: "=", prefix: "^~", template: "", plain: "" } as const;
const NARROW = { exact: "Exact", prefix: "PathPrefix", template: "Template", plain: "PathPrefix" } as const;

function written(path: VendorPath, isNarrow: boolean): WrittenPath {
  if (path.kind === "pattern" || path.kind === "impossible") return { type: "Exact", value: path.text };
  if (isNarrow) return { type: NARROW[path.kind], value: path.value };
  return { type: "TencentPath", value: `${MARKS[path.kind]}${path.value}` };
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

/** Paths of captured requests that the pattern may have matched, by the last segments of its cover. */
function seenText(path: { readonly text: string }, seen: ReadonlyMap<string, readonly string[]>): string {
  const pattern = safeExpression(path.text);
  const matching = pattern
    ? [...new Set([...seen.values()].flat().filter((one) => pattern.test(one)))].sort()
    : [];
  if (matching.length === 0) return "";
  const more = matching.length > 20 ? `, and ${matching.length - 20} more` : "";
  return `. Captured requests have ${matching.slice(0, 20).join(", ")}${more}`;
}

/** The vendor's expression, where JavaScript can read it and it is short enough to be harmless. */
function safeExpression(text: string): RegExp | undefined {
  const source = text.replaceAll(/\{[^{}]*[A-Za-z][^{}]*\}/g, ".+");
  if (source.length > 200 || /[)*+][*+?{]/.test(source)) return undefined;
  try {
    return new RegExp(source);
  } catch {
    return undefined;
  }
}

function restrictedText(restrictions: readonly Restriction[]): string {
  const what = [...new Set(restrictions.map((one) => one.what))].join(", ");
  return `${what} applied to it there: its grant is written with suspended: true; enforce the same rule in Envoy, then remove suspended`;
}
