import type { ApiFact, Origin } from "../../facts.ts";
import type { JsonNode } from "../../json/jsonNode.ts";
import { addPage } from "../pages.ts";
import type { Sink } from "../sink.ts";
import type { Placement } from "./placement.ts";
import { addApiRules } from "./restrictions.ts";

/** DescribeApis. */
export function addApis(response: JsonNode, { group, series }: Placement, sink: Sink): void {
  const found = response.child("ApiSummarys")?.items("ApiSummary") ?? [];
  for (const one of found) addListedApi(one, sink);
  addPage(
    response,
    "ApiSummarys",
    group ?? series,
    found.map((one) => one.text("ApiId")),
    sink,
  );
}

/** One element of DescribeApis. It has no AuthType. */
export function addListedApi(one: JsonNode, sink: Sink): void {
  const environments = deployedStages(one);
  addReleases(one, environments ?? [], sink);
  sink.add({
    ...apiFact(one, one.text("ModifiedTime")),
    path: one.text("ApiPath"),
    method: one.text("ApiMethod"),
    environments,
    isDeployed: false,
  });
}

/** DescribeDeployedApis: what requests meet in one stage. */
export function addDeployedApis(response: JsonNode, { group, environment }: Placement, sink: Sink): void {
  const found = response.child("DeployedApis")?.items("DeployedApiItem") ?? [];
  for (const one of found)
    addDeployed(one, { path: one.text("ApiPath"), method: one.text("ApiMethod") }, sink);
  const ids = found.map((one) => `${one.text("ApiId")} ${one.text("StageName")}`);
  addPage(response, "DeployedApis", [group, environment].join(" ").trim(), ids, sink);
}

/** DescribeApi, and DescribeDeployedApi, which names its stage. */
export function addApi(response: JsonNode, { environment }: Placement, sink: Sink): void {
  const config = response.child("RequestConfig");
  const shape = {
    path: config?.text("RequestPath") ?? "",
    method: config?.text("RequestHttpMethod") ?? "",
    protocol: config?.text("RequestProtocol") ?? "",
  };
  if (response.has("StageName") || response.has("DeployedTime")) addDeployed(response, shape, sink);
  else {
    const environments = deployedStages(response);
    addReleases(response, environments ?? [], sink);
    const fact = apiFact(response, response.text("ModifiedTime"));
    sink.add({ ...fact, ...shape, environments, isDeployed: false });
  }
  const stage = response.text("StageName").toLowerCase() || (response.has("DeployedTime") ? environment : "");
  addApiRules(response, stage ?? "", sink);
}

function addDeployed(one: JsonNode, shape: Partial<ApiFact>, sink: Sink): void {
  const stage = one.text("StageName").toLowerCase();
  if (stage === "") {
    const remedy = "export it again with countersign export-script alibaba";
    sink.skip(one.place, "has a deployed API without the StageName", remedy);
    return;
  }
  addReleases(one, [stage], sink);
  sink.add({ ...apiFact(one, ""), ...shape, environments: [stage], isDeployed: true });
}

function apiFact(one: JsonNode, modified: string) {
  const origin: Origin = "response";
  return {
    kind: "api",
    origin,
    from: one.place,
    id: one.text("ApiId"),
    service: one.text("GroupId"),
    name: one.text("ApiName"),
    path: "",
    method: "",
    auth: one.text("AuthType"),
    protocol: "",
    modified,
  } as const;
}

/** The stages of DeployedInfos; undefined if the document does not have them. */
function deployedStages(one: JsonNode): readonly string[] | undefined {
  const infos = one.child("DeployedInfos");
  if (infos === undefined) return undefined;
  return infos
    .items("DeployedInfo")
    .filter((info) => info.text("DeployedStatus").toUpperCase() === "DEPLOYED")
    .map((info) => info.text("StageName").toLowerCase());
}

function addReleases(one: JsonNode, environments: readonly string[], sink: Sink): void {
  for (const environment of environments)
    sink.add({
      kind: "release",
      origin: "response",
      from: one.place,
      service: one.text("GroupId"),
      environment,
      isReleased: true,
      version: "",
    });
}
