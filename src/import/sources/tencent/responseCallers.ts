import { Secret } from "../../../api/secret.ts";
import type { JsonNode } from "../../json/jsonNode.ts";
import { addElements, addPage } from "../pages.ts";
import type { Sink } from "../sink.ts";
import type { Placement } from "./placement.ts";

/** DescribeApiAppsStatus, and DescribeApiApp of older tools. */
export function addApplications(result: JsonNode, _: Placement, sink: Sink): void {
  addElements(result, { list: "ApiAppSet", id: "ApiAppId" }, addApplication, sink);
}

/** One application; the result of CreateApiApp is one too. */
export function addApplication(one: JsonNode, sink: Sink): void {
  const secret = one.text("ApiAppSecret");
  sink.add({
    kind: "application",
    origin: "response",
    from: one.place,
    id: one.text("ApiAppId"),
    name: one.text("ApiAppName"),
    description: one.text("ApiAppDesc"),
    key: one.text("ApiAppKey"),
    secret: secret === "" ? undefined : Secret.of(secret),
    modified: one.text("ModifiedTime"),
  });
}

/** DescribeApiAppBindApisStatus and DescribeApiBindApiAppsStatus. */
export function addBindings(result: JsonNode, placement: Placement, sink: Sink): void {
  const found = result.items("ApiAppApiSet");
  const ids: string[] = [];
  for (const one of found) {
    ids.push([one.text("ApiAppId"), one.text("EnvironmentName"), one.text("ApiId")].join("#"));
    addListedBinding(one, sink);
  }
  const scope = scopeOf(found, placement);
  addPage(result, "ApiAppApiSet", scope ? `${scope.of} ${scope.id}` : placement.series, ids, sink);
  if (scope) sink.add({ kind: "coverage", origin: "response", from: result.place, ...scope });
}

/** One element of a list of bindings. */
export function addListedBinding(one: JsonNode, sink: Sink): void {
  sink.add({
    kind: "binding",
    origin: "response",
    from: one.place,
    application: one.text("ApiAppId"),
    applicationName: one.text("ApiAppName"),
    service: one.text("ServiceId"),
    api: one.text("ApiId"),
    environment: one.text("EnvironmentName"),
    expires: "",
  });
}

/**
 * Whose bindings a response lists: those of the application or service in the path, or the one that all of several elements share.
 * Undefined if neither is the case.
 */
function scopeOf(found: readonly JsonNode[], { service, application }: Placement) {
  if (application !== undefined) return { of: "application", id: application } as const;
  if (service !== undefined) return { of: "service", id: service } as const;
  const applications = new Set(found.map((one) => one.text("ApiAppId")));
  const services = new Set(found.map((one) => one.text("ServiceId")));
  if (applications.size === 1 && services.size > 1)
    return { of: "application", id: [...applications][0] ?? "" } as const;
  if (services.size === 1 && applications.size > 1)
    return { of: "service", id: [...services][0] ?? "" } as const;
  return undefined;
}
