import type { JsonNode } from "../../json/jsonNode.ts";
import type { Sink } from "../sink.ts";
import {
  addApplication,
  addApplications,
  addAuthorizedApis,
  addAuthorizedApps,
  addKeyPair,
} from "./callers.ts";
import { addApi, addApis, addDeployedApis, addListedApi } from "./catalogue.ts";
import { addGroup, addGroups } from "./groups.ts";
import { type Placement, placementOf } from "./placement.ts";
import { addIpControls, addPlugins } from "./restrictions.ts";

type Read = (response: JsonNode, placement: Placement, sink: Sink) => void;

/** By keys that the response has; the first row of which all are there counts. */
const READERS: readonly (readonly [keys: readonly string[], read: Read])[] = [
  [["Apps"], addApplications],
  [["AppKey", "AppSecret"], addKeyPair],
  [["AppId", "AppName"], (response, _, sink) => addApplication(response, sink)],
  [["ApiGroupAttributes"], addGroups],
  [["ApiSummarys"], addApis],
  [["DeployedApis"], addDeployedApis],
  [["AuthorizedApps"], addAuthorizedApps],
  [["AuthorizedApis"], addAuthorizedApis],
  [["Plugins"], addPlugins],
  [["ApiIpControls"], addIpControls],
  [["ApiInfos"], skipBound],
  [["ApiId", "RequestConfig"], addApi],
  [["GroupId", "GroupName", "SubDomain"], (response, _, sink) => addGroup(response, sink)],
];

/** A response: as aliyun prints it, below `Response` or `body`, or with the call around it. */
export function readCall(document: JsonNode, sink: Sink): void {
  const response = document.child("Response") ?? document.child("body") ?? document;
  if (response.has("Code") && response.has("Message")) {
    sink.skip(response.place, `is the error ${response.text("Code")}`, "make the call again");
    return;
  }
  const reader = READERS.find(([keys]) => keys.every((key) => response.has(key)));
  if (reader) reader[1](response, placementOf(document), sink);
  else sink.count(`a response with ${firstKey(response)}`, response.place);
}

/** DescribeApisByIpControl, …BySignature and …ByTrafficControl cannot be told apart. */
function skipBound(response: JsonNode, _: Placement, sink: Sink): void {
  const remedy = "for IP controls export DescribeApiIpControls, as countersign export-script alibaba does";
  sink.skip(response.place, "has the APIs of an unknown rule", remedy);
}

function firstKey({ value }: JsonNode): string {
  return Object.keys(Object(value)).find((key) => key !== "RequestId") ?? "nothing";
}

const NO_TOTAL = "it has no TotalCount, so missing pages cannot be found: better export it without a filter";
const OTHER_NAMES = "is a list whose elements have other names than the vendor's, or do not name their API";

/** A bare list, such as what `jq .Apps.AppAttribute` prints. Lists of authorizations do not name their API or application. */
export function readArray(document: JsonNode, sink: Sink): void {
  const elements = document.elements();
  const [first] = elements;
  const add = first && elementReader(first);
  for (const one of add ? elements : []) add?.(one, sink);
  if (!first) sink.count("an empty list", document.place);
  else if (add) sink.count(`a bare list: ${NO_TOTAL}`, document.place);
  else sink.skip(document.place, OTHER_NAMES, "export it again without a filter");
}

function elementReader(first: JsonNode): ((one: JsonNode, sink: Sink) => void) | undefined {
  const has = (...keys: string[]) => keys.every((key) => first.has(key));
  if (has("AppId", "AppName") && !has("StageName")) return addApplication;
  if (has("ApiId", "GroupId", "ApiName") && !has("StageName")) return addListedApi;
  return has("GroupId", "GroupName", "SubDomain") ? addGroup : undefined;
}
