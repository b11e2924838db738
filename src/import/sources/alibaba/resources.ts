import type { Origin, Place } from "../../facts.ts";
import type { JsonNode } from "../../json/jsonNode.ts";
import { DEPOSED, type ResourceInstance } from "../resource.ts";
import type { Sink } from "../sink.ts";
import { addApiResource, addGroupResource } from "./catalogueResources.ts";

/** The prefix of the provider's resource types that belong to the API gateway. */
const GATEWAY_TYPES = "alicloud_api_gateway_";
const ORIGIN: Origin = "state";

/** Turns one resource instance into facts. Resources of other products are counted together. */
export function addResource({ type, values, address, isDeposed, mode }: ResourceInstance, sink: Sink): void {
  const from: Place = { file: values.source.file, at: address };
  if (!type.startsWith("alicloud_")) return;
  const name = type.slice(GATEWAY_TYPES.length);
  const add = (mode === "data" ? DATA_SOURCES : RESOURCES)[name];
  if (!type.startsWith(GATEWAY_TYPES)) sink.count("resources of other products of the vendor", from);
  else if (isDeposed) sink.skip(from, DEPOSED.what, DEPOSED.remedy);
  else if (add) add(values, from, sink);
  else sink.count(mode === "data" ? `data.${type}` : type, from);
}

type Read = (values: JsonNode, from: Place, sink: Sink) => void;

/** By the type behind the prefix. */
const RESOURCES: Readonly<Record<string, Read>> = {
  app: (values, from, sink) => addApp(values, from, ORIGIN, sink),
  group: (values, from, sink) => addGroupResource(values, from, ORIGIN, sink),
  api: addApiResource,
  app_attachment: addAttachment,
  plugin_attachment: (values, from, sink) => addPlugin(values, from, "api_id", sink),
  group_plugin_attachment: (values, from, sink) => addPlugin(values, from, "group_id", sink),
};

/** Data sources are as old as the last refresh. Those of APIs have no path and no AuthType. */
const DATA_SOURCES: Readonly<Record<string, Read>> = {
  apps: (values, from, sink) => {
    for (const one of values.items("apps")) addApp(one, from, "copy", sink);
  },
  groups: (values, from, sink) => {
    for (const one of values.items("groups")) addGroupResource(one, from, "copy", sink);
  },
};

/** The provider stores no key pair. */
function addApp(values: JsonNode, from: Place, origin: Origin, sink: Sink): void {
  sink.add({
    kind: "application",
    origin,
    from,
    id: values.id("id"),
    name: values.text("name"),
    description: values.text("description"),
    key: "",
    secret: undefined,
    modified: values.text("modified_time"),
  });
}

/** Its id is `group:api:app:stage`. */
function addAttachment(values: JsonNode, from: Place, sink: Sink): void {
  const [group = "", api = "", application = "", stage = ""] = values.text("id").split(":");
  sink.add({
    kind: "binding",
    origin: ORIGIN,
    from,
    application: values.id("app_id") || application,
    applicationName: "",
    service: values.text("group_id") || group,
    api: values.text("api_id") || api,
    environment: (values.text("stage_name") || stage).toLowerCase(),
    expires: "",
  });
}

function addPlugin(values: JsonNode, from: Place, target: "api_id" | "group_id", sink: Sink): void {
  sink.add({
    kind: "restriction",
    origin: ORIGIN,
    from,
    target: values.text(target),
    environment: values.text("stage_name").toLowerCase(),
    what: `plugin ${values.text("plugin_id")}`,
    remedy: "look up its type; enforce the same rule in Envoy, if it keeps callers out",
  });
}
