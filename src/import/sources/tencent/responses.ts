import { isRecord } from "../../../base/json.ts";
import type { PathMapping } from "../../facts.ts";
import type { JsonNode } from "../../json/jsonNode.ts";
import { addPage } from "../pages.ts";
import type { Sink } from "../sink.ts";
import { type Placement, placementOf, withParameters } from "./placement.ts";
import { addApplication, addApplications, addBindings } from "./responseCallers.ts";
import { addApi, addApis, addDescribedService, addServices } from "./responseCatalogue.ts";

const UNPLACED =
  "this response does not name its service: put it into a folder that is named after the service, as countersign export-script tencent does";

/** A response: as tccli prints it, below `Response`, or with the call around it. */
export function readCall(document: JsonNode, sink: Sink): void {
  const placement = placementOf(document.source.file);
  const inner = document.child("Response");
  const parameters = document.child("Params") ?? document.child("Parameters") ?? document.child("Request");
  const placed = isRecord(parameters?.value) ? withParameters(placement, parameters.value) : placement;
  readResponse(inner ?? document, inner ? placed : placement, sink);
}

/** Reads the response of one call of the management API, without the levels around it. */
function readResponse(response: JsonNode, placement: Placement, sink: Sink): void {
  const error = response.child("Error");
  if (error) {
    sink.skip(response.place, `is the error ${error.text("Code")}`, "make the call again");
    return;
  }
  if (!response.has("Result")) {
    if (response.has("ServiceId") && response.has("ApiIdStatusSet")) addDescribedService(response, sink);
    else sink.count("a response that is not known", response.place);
    return;
  }
  const { value } = response as { readonly value: { readonly Result?: unknown } };
  if (typeof value.Result === "boolean") {
    sink.count("a response without data, such as that of UpdateApiAppKey", response.place);
    return;
  }
  const result = response.child("Result");
  if (result) readResult(result, placement, sink);
}

function readResult(result: JsonNode, placement: Placement, sink: Sink): void {
  const reader = READERS.find(([key]) => result.has(key));
  if (reader) reader[1](result, placement, sink);
  else sink.count(`a response with ${Object.keys(result.value as object)[0] ?? "nothing"}`, result.place);
}

type Read = (result: JsonNode, placement: Placement, sink: Sink) => void;

/** By a key that the response has; the first match counts. */
const READERS: readonly (readonly [key: string, read: Read])[] = [
  ["ApiAppSet", addApplications],
  ["ApiAppApiSet", addBindings],
  ["ServiceSet", addServices],
  ["ApiIdStatusSet", addApis],
  ["RequestConfig", addApi],
  ["DomainSet", addDomains],
  ["PathMappingSet", addMapping],
  ["EnvironmentList", addEnvironments],
  ["PluginSummary", addPlugins],
  ["StrategySet", addStrategies],
  ["ApiAppKey", (result, _, sink) => addApplication(result, sink)],
];

function addDomains(result: JsonNode, { service, series }: Placement, sink: Sink): void {
  const domains = result.items("DomainSet");
  if (service === undefined) {
    if (domains.length > 0) sink.skip(result.place, "has the domains of an unknown service", UNPLACED);
    return;
  }
  for (const domain of domains) {
    const host = domain.text("DomainName").toLowerCase();
    const isDefault = domain.flag("IsDefaultMapping");
    sink.add({
      kind: "domain",
      origin: "response",
      from: domain.place,
      service,
      host,
      isDefault,
      mappings: undefined,
    });
  }
  addPage(
    result,
    "DomainSet",
    service ?? series,
    domains.map((one) => one.text("DomainName")),
    sink,
  );
}

function addMapping(result: JsonNode, { service, host }: Placement, sink: Sink): void {
  if (service === undefined || host === undefined) {
    const remedy = `${UNPLACED}, and name the file after the domain`;
    sink.skip(result.place, "has the path mappings of an unknown domain", remedy);
    return;
  }
  const mappings: PathMapping[] = result
    .items("PathMappingSet")
    .map((one) => ({ path: one.text("Path"), environment: one.text("Environment") }));
  const isDefault = result.flag("IsDefaultMapping");
  sink.add({ kind: "domain", origin: "response", from: result.place, service, host, isDefault, mappings });
}

/** DescribeServiceEnvironmentList and …EnvironmentStrategy; elements of DescribeUsagePlanEnvironments have another name for the environment. */
function addEnvironments(result: JsonNode, placement: Placement, sink: Sink): void {
  for (const one of result.items("EnvironmentList")) {
    if (!one.has("EnvironmentName")) {
      sink.count("a response with the environments of a usage plan", result.place);
      return;
    }
    const service = serviceOfUrl(one.text("Url")) ?? placement.service;
    if (service === undefined) {
      sink.skip(result.place, "has the environments of an unknown service", UNPLACED);
      return;
    }
    const environment = one.text("EnvironmentName");
    const isReleased = one.number("Status") === 1;
    const version = one.text("VersionName");
    sink.add({
      kind: "release",
      origin: "response",
      from: one.place,
      service,
      environment,
      isReleased,
      version,
    });
  }
}

/** The service in a default host: `service-d6ncf10e-1300000001.gz.apigw.tencentcs.com/release`. */
function serviceOfUrl(url: string): string | undefined {
  return /^(?:https?:\/\/)?(service-[a-z0-9]{8})-\d+\./.exec(url)?.[1];
}

function addPlugins(result: JsonNode, { api }: Placement, sink: Sink): void {
  const plugins = result.items("PluginSummary");
  const remedy = "name the file after the API, such as api-99ibag7i.json";
  if (api === undefined && plugins.length > 0)
    sink.skip(result.place, "has the plugins of an unknown API", remedy);
  for (const one of api === undefined ? [] : plugins) {
    const what = `plugin ${one.text("PluginName")} (${one.text("PluginType")})`;
    const environment = one.text("Environment");
    sink.add({
      kind: "restriction",
      origin: "response",
      from: one.place,
      target: api ?? "",
      environment,
      what,
      remedy: "",
    });
  }
}

function addStrategies(result: JsonNode, _: Placement, sink: Sink): void {
  for (const one of result.items("StrategySet")) {
    const bound = one.items("BindApis");
    if (bound.length === 0) sink.count("IP strategies that no API is listed for", one.place);
    for (const api of bound)
      sink.add({
        kind: "restriction",
        origin: "response",
        from: one.place,
        target: api.text("ApiId"),
        environment: api.text("EnvironmentName"),
        what: `IP strategy ${one.text("StrategyName")}`,
        remedy: "",
      });
  }
}
