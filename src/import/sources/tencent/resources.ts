import type { Origin, PathMapping, Place } from "../../facts.ts";
import type { JsonNode } from "../../json/jsonNode.ts";
import { DEPOSED, type ResourceInstance } from "../resource.ts";
import type { Sink } from "../sink.ts";
import { addApplicationResource, addDataSource } from "./dataSources.ts";

/** The prefix of the provider's resource types that belong to the API gateway. */
const GATEWAY_TYPES = "tencentcloud_api_gateway_";

const ORIGIN: Origin = "state";

/** Turns one resource instance into facts. Resources of other products are counted together. */
export function addResource(instance: ResourceInstance, sink: Sink): void {
  const { type, values, address, isDeposed, mode } = instance;
  const from: Place = { file: values.source.file, at: address };
  const name = type.slice(GATEWAY_TYPES.length);
  const add = READERS[name];
  if (!type.startsWith("tencentcloud_")) return;
  if (!type.startsWith(GATEWAY_TYPES)) sink.count("resources of other products of the vendor", from);
  else if (isDeposed) sink.skip(from, DEPOSED.what, DEPOSED.remedy);
  else if (mode === "data") addDataSource(name, values, from, sink);
  else if (add) add(values, from, sink);
  else sink.count(type, from);
}

type Read = (values: JsonNode, from: Place, sink: Sink) => void;

/** By the type behind the prefix. */
const READERS: Readonly<Record<string, Read>> = {
  api_app: (values, from, sink) => addApplicationResource(values, from, ORIGIN, sink),
  update_api_app_key: (values, from, sink) =>
    sink.add({
      kind: "keyReset",
      origin: ORIGIN,
      from,
      id: values.text("api_app_id"),
      key: values.text("api_app_key"),
    }),
  api_app_attachment: addAttachment,
  service: addServiceResource,
  api: addApiResource,
  import_open_api: addApiResource,
  service_release: (values, from, sink) =>
    sink.add({
      kind: "release",
      origin: ORIGIN,
      from,
      service: values.text("service_id"),
      environment: values.text("environment_name"),
      isReleased: true,
      version: values.text("release_version"),
    }),
  custom_domain: addDomainResource,
  strategy_attachment: (values, from, sink) =>
    addRestriction(values, from, "an IP strategy", "environment_name", "bind_api_id", sink),
  plugin_attachment: (values, from, sink) =>
    addRestriction(values, from, `plugin ${values.text("plugin_id")}`, "environment_name", "api_id", sink),
};

function addAttachment(values: JsonNode, from: Place, sink: Sink): void {
  const [application = "", environment = "", service = "", api = ""] = values.text("id").split("#");
  sink.add({
    kind: "binding",
    origin: ORIGIN,
    from,
    application: values.text("api_app_id") || application,
    applicationName: "",
    service: values.text("service_id") || service,
    api: values.text("api_id") || api,
    environment: values.text("environment") || environment,
    expires: "",
  });
}

function addServiceResource(values: JsonNode, from: Place, sink: Sink): void {
  const service = values.text("id");
  const hosts = [values.text("outer_sub_domain"), values.text("internal_sub_domain")];
  sink.add({
    kind: "service",
    origin: ORIGIN,
    from,
    id: service,
    name: values.text("service_name"),
    hosts: [...new Set(hosts.filter((host) => host !== "").map((host) => host.toLowerCase()))],
    released: undefined,
  });
  for (const one of values.items("api_list"))
    sink.add({
      kind: "api",
      origin: "copy",
      from,
      id: one.text("api_id"),
      service,
      name: one.text("api_name"),
      path: one.text("path"),
      method: one.text("method"),
      auth: "",
      protocol: "",
      environments: undefined,
      isDeployed: false,
      modified: "",
    });
}

function addApiResource(values: JsonNode, from: Place, sink: Sink): void {
  const [, second] = values.text("id").split("#");
  sink.add({
    kind: "api",
    origin: ORIGIN,
    from,
    id: values.text("api_id") || second || values.text("id"),
    service: values.text("service_id"),
    name: values.text("api_name"),
    path: values.text("request_config_path"),
    method: values.text("request_config_method") || "GET",
    auth: values.text("auth_type"),
    protocol: values.text("protocol"),
    environments: undefined,
    isDeployed: false,
    modified: values.text("update_time"),
  });
}

function addDomainResource(values: JsonNode, from: Place, sink: Sink): void {
  const [id = "", domain = ""] = values.text("id").split("#");
  const mappings: PathMapping[] = values.texts("path_mappings").map((one) => {
    const cut = one.lastIndexOf("#");
    return { path: one.slice(0, Math.max(cut, 0)), environment: one.slice(cut + 1) };
  });
  sink.add({
    kind: "domain",
    origin: ORIGIN,
    from,
    service: values.text("service_id") || id,
    host: (values.text("sub_domain") || domain).toLowerCase(),
    isDefault: values.flag("is_default_mapping"),
    mappings,
  });
}

function addRestriction(
  values: JsonNode,
  from: Place,
  what: string,
  environment: string,
  api: string,
  sink: Sink,
): void {
  const ids = values
    .text("id")
    .split("#")
    .filter((part) => part.startsWith("api-"));
  const fact = {
    kind: "restriction",
    origin: ORIGIN,
    from,
    what,
    remedy: "",
    environment: values.text(environment),
  } as const;
  for (const id of new Set([values.text(api), ...ids].filter((one) => one !== "")))
    sink.add({ ...fact, target: id });
}
