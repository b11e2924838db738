import type { Origin, Place } from "../../facts.ts";
import type { JsonNode } from "../../json/jsonNode.ts";
import { addPage } from "../pages.ts";
import type { Sink } from "../sink.ts";
import type { Placement } from "./placement.ts";

/** Types of plugins that keep no caller out. Any other type is a restriction. */
const HARMLESS: ReadonlySet<string> = new Set([
  "backendsignature",
  "caching",
  "circuitbreaker",
  "cors",
  "errormapping",
  "logmask",
  "trafficcontrol",
]);

/** Rules that an API's own definition has beside its authentication; `environment` is "" for all. */
export function addApiRules(api: JsonNode, environment: string, sink: Sink): void {
  const fact = {
    kind: "restriction",
    origin: "response",
    from: api.place,
    target: api.text("ApiId"),
    environment,
  } as const;
  if (api.flag("ForceNonceCheck")) sink.add({ ...fact, ...NONCE_CHECK });
  if (api.flag("DisableInternet")) sink.add({ ...fact, ...VPC_ALONE });
  if (/^HEADER/i.test(api.text("AppCodeAuthType")))
    sink.count("APIs that admit an AppCode: callers that send it and do not sign are denied here", api.place);
}

/** The check of a nonce, which is replay protection here. */
export const NONCE_CHECK = {
  what: "a check of X-Ca-Nonce (ForceNonceCheck)",
  remedy: "set replayProtection: {mode: Required} on the ApiDomain or the Applications",
} as const;

const VPC_ALONE = {
  what: "a limit to callers in the VPC (DisableInternet)",
  remedy: "let Envoy serve it in that network alone",
} as const;

/** A base path of a group: whether requests have it before the paths of the APIs is in no document. */
export function addBasePath(from: Place, origin: Origin, group: string, basePath: string, sink: Sink): void {
  if (basePath === "" || basePath === "/") return;
  sink.add({
    kind: "restriction",
    origin,
    from,
    target: group,
    environment: "",
    what: `BasePath ${basePath} of the group`,
    remedy: "compare the path with a captured request, which may have the BasePath before it, and correct it",
  });
}

/** DescribePluginsByApi, which does not name the API; DescribePlugins has the same form, and is of no use. */
export function addPlugins(response: JsonNode, { api, environment }: Placement, sink: Sink): void {
  const plugins = response.child("Plugins")?.items("PluginAttribute") ?? [];
  if (api === undefined) {
    const remedy =
      "put it into folders that are named after group, API and stage, as countersign export-script alibaba does: groups/GROUPID/apis/APIID/RELEASE/plugins-0001.json";
    if (plugins.length > 0) sink.skip(response.place, "has the plugins of an unknown API", remedy);
    return;
  }
  addPage(
    response,
    "Plugins",
    [api, environment].join(" ").trim(),
    plugins.map((one) => one.text("PluginId")),
    sink,
  );
  if (environment !== undefined) {
    const id = `${api} ${environment}`;
    sink.add({ kind: "coverage", origin: "response", from: response.place, of: "plugins", id });
  }
  for (const one of plugins) {
    const type = one.text("PluginType");
    if (HARMLESS.has(type.toLowerCase())) sink.count(`plugins of type ${type}`, one.place);
    else
      sink.add({
        kind: "restriction",
        origin: "response",
        from: one.place,
        target: api,
        environment: environment ?? "",
        what: `plugin ${one.text("PluginName")} (${type})`,
        remedy: "",
      });
  }
}

/** DescribeApiIpControls. */
export function addIpControls(response: JsonNode, { group, environment }: Placement, sink: Sink): void {
  const found = response.child("ApiIpControls")?.items("ApiIpControlItem") ?? [];
  const ids = found.map((one) => `${one.text("ApiId")} ${one.text("IpControlId")}`);
  addPage(response, "ApiIpControls", [group, environment].join(" ").trim(), ids, sink);
  for (const one of found)
    sink.add({
      kind: "restriction",
      origin: "response",
      from: one.place,
      target: one.text("ApiId"),
      environment: environment ?? "",
      what: `IP control ${one.text("IpControlName")}`,
      remedy: "",
    });
}
