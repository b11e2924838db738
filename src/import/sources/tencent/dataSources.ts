import { Secret } from "../../../api/secret.ts";
import type { Origin, Place } from "../../facts.ts";
import type { JsonNode } from "../../json/jsonNode.ts";
import type { Sink } from "../sink.ts";

const COPY = "copy" as const;

/** Reads a data source of a state, which is as old as the last refresh; `name` is its type behind the prefix. */
export function addDataSource(name: string, values: JsonNode, from: Place, sink: Sink): void {
  const add = READERS[name];
  if (add) add(values, from, sink);
  else sink.count(`data.tencentcloud_api_gateway_${name}`, from);
}

type Read = (values: JsonNode, from: Place, sink: Sink) => void;

const READERS: Readonly<Record<string, Read>> = {
  api_apps: (values, from, sink) => addAll(values.items("api_app_list"), from, sink),
  services: (values, from, sink) => addAll(values.items("list"), from, sink),
  customer_domains: (values, from, sink) => {
    for (const one of values.items("list")) addDomain(one, values.text("service_id"), from, sink);
  },
  bind_api_apps_status: (values, from, sink) => {
    for (const one of values.items("result")) addAll(one.items("api_app_api_set"), from, sink);
  },
};

/** Elements of a list that a data source holds, or wrote to its `result_output_file`. */
export function addElement(one: JsonNode, from: Place, sink: Sink): boolean {
  if (one.has("api_app_id") && one.has("api_id")) addBinding(one, from, sink);
  else if (one.has("api_app_id")) addApplicationResource(one, from, COPY, sink);
  else if (one.has("service_id") && one.has("service_name")) addService(one, from, sink);
  else return false;
  return true;
}

function addAll(elements: readonly JsonNode[], from: Place, sink: Sink): void {
  for (const one of elements) addElement(one, from, sink);
}

/** An application: the resource, and the elements of data sources, which have the same attributes. */
export function addApplicationResource(values: JsonNode, from: Place, origin: Origin, sink: Sink): void {
  const secret = values.text("api_app_secret");
  sink.add({
    kind: "application",
    origin,
    from,
    id: values.text("api_app_id") || values.text("id"),
    name: values.text("api_app_name"),
    description: values.text("api_app_desc"),
    key: values.text("api_app_key"),
    secret: secret === "" ? undefined : Secret.of(secret),
    modified: values.text("modified_time"),
  });
}

function addService(one: JsonNode, from: Place, sink: Sink): void {
  const hosts = [one.text("outer_sub_domain"), one.text("internal_sub_domain")];
  sink.add({
    kind: "service",
    origin: COPY,
    from,
    id: one.text("service_id"),
    name: one.text("service_name"),
    hosts: [...new Set(hosts.filter((host) => host !== "").map((host) => host.toLowerCase()))],
    released: undefined,
  });
}

function addBinding(one: JsonNode, from: Place, sink: Sink): void {
  sink.add({
    kind: "binding",
    origin: COPY,
    from,
    application: one.text("api_app_id"),
    applicationName: one.text("api_app_name"),
    service: one.text("service_id"),
    api: one.text("api_id"),
    environment: one.text("environment_name"),
    expires: "",
  });
}

function addDomain(one: JsonNode, service: string, from: Place, sink: Sink): void {
  const mappings = one
    .items("path_mappings")
    .map((mapping) => ({ path: mapping.text("path"), environment: mapping.text("environment") }));
  sink.add({
    kind: "domain",
    origin: COPY,
    from,
    service,
    host: one.text("domain_name").toLowerCase(),
    isDefault: one.flag("is_default_mapping"),
    mappings,
  });
}
