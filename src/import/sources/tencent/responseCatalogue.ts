import type { ApiFact, Origin } from "../../facts.ts";
import type { JsonNode } from "../../json/jsonNode.ts";
import { addElements, addPage } from "../pages.ts";
import type { Sink } from "../sink.ts";
import type { Placement } from "./placement.ts";

/** DescribeServicesStatus. */
export function addServices(result: JsonNode, _: Placement, sink: Sink): void {
  addElements(result, { list: "ServiceSet", id: "ServiceId" }, addListedService, sink);
}

/** One element of a list of services. */
export function addListedService(one: JsonNode, sink: Sink): void {
  addService(one, [one.text("OuterSubDomain"), one.text("InnerSubDomain")], sink);
}

/** DescribeService and DescribeServiceForApiApp: flat, with another name for the inner host. */
export function addDescribedService(response: JsonNode, sink: Sink): void {
  addService(response, [response.text("OuterSubDomain"), response.text("InternalSubDomain")], sink);
  for (const one of response.items("ApiIdStatusSet")) addListedApi(one, sink);
}

function addService(one: JsonNode, hosts: readonly string[], sink: Sink): void {
  sink.add({
    kind: "service",
    origin: "response",
    from: one.place,
    id: one.text("ServiceId"),
    name: one.text("ServiceName"),
    hosts: [...new Set(hosts.filter((host) => host !== "").map((host) => host.toLowerCase()))],
    released: isList(one, "AvailableEnvironments") ? one.texts("AvailableEnvironments") : undefined,
  });
}

/** An empty list means that nothing is released; null means that it is unknown. */
function isList(node: JsonNode, key: string): boolean {
  return node.has(key) && Array.isArray((node.value as Readonly<Record<string, unknown>>)[key]);
}

/** DescribeApisStatus; elements of DescribeIPStrategyApisStatus have no service: they are the APIs of an IP strategy. */
export function addApis(result: JsonNode, placement: Placement, sink: Sink): void {
  const found = result.items("ApiIdStatusSet");
  for (const one of found) {
    if (one.text("ServiceId") !== "") addListedApi(one, sink);
    else addStrategyApi(one, sink);
  }
  const scope = found.map((one) => one.text("ServiceId")).find((id) => id !== "") ?? placement.service;
  addPage(
    result,
    "ApiIdStatusSet",
    scope ?? placement.series,
    found.map((one) => one.text("ApiId")),
    sink,
  );
}

function addStrategyApi(one: JsonNode, sink: Sink): void {
  const fact = { kind: "restriction", origin: "response", from: one.place } as const;
  sink.add({ ...fact, target: one.text("ApiId"), environment: "", what: "an IP strategy", remedy: "" });
}

/** One element of a list of APIs. */
export function addListedApi(one: JsonNode, sink: Sink): void {
  sink.add(apiFact(one, { path: one.text("Path"), method: one.text("Method"), environments: undefined }));
}

/** DescribeApi, and DescribeApiForApiApp: path and method are in RequestConfig. */
export function addApi(result: JsonNode, _: Placement, sink: Sink): void {
  const config = result.child("RequestConfig");
  const environments = isList(result, "Environments") ? result.texts("Environments") : undefined;
  sink.add(
    apiFact(result, { path: config?.text("Path") ?? "", method: config?.text("Method") ?? "", environments }),
  );
}

function apiFact(one: JsonNode, shape: Pick<ApiFact, "path" | "method" | "environments">): ApiFact {
  const origin: Origin = "response";
  return {
    kind: "api",
    origin,
    from: one.place,
    id: one.text("ApiId"),
    service: one.text("ServiceId"),
    name: one.text("ApiName"),
    ...shape,
    isDeployed: false,
    auth: one.text("AuthType"),
    protocol: one.text("Protocol"),
    modified: one.text("ModifiedTime"),
  };
}
