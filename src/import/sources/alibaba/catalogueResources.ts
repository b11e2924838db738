import type { Origin, Place } from "../../facts.ts";
import type { JsonNode } from "../../json/jsonNode.ts";
import type { Sink } from "../sink.ts";
import { addBasePath, NONCE_CHECK } from "./restrictions.ts";

/** `alicloud_api_gateway_group`, and the elements of the data source. It has no custom domains. */
export function addGroupResource(values: JsonNode, from: Place, origin: Origin, sink: Sink): void {
  const id = values.text("id");
  const hosts = [values.text("sub_domain"), values.text("vpc_domain")].filter((host) => host !== "");
  sink.add({
    kind: "service",
    origin,
    from,
    id,
    name: values.text("name"),
    hosts: [...new Set(hosts.map((host) => host.toLowerCase()))],
    released: undefined,
  });
  addBasePath(from, origin, id, values.text("base_path"), sink);
}

/** `alicloud_api_gateway_api`, whose id is `group:api`. Its definition is the edited one. */
export function addApiResource(values: JsonNode, from: Place, sink: Sink): void {
  const [group = "", api = ""] = values.text("id").split(":");
  const [config] = values.items("request_config");
  const id = values.text("api_id") || api;
  const service = values.text("group_id") || group;
  const environments = values.texts("stage_names").map((stage) => stage.toLowerCase());
  const fact = { origin: "state", from } as const;
  sink.add({
    ...fact,
    kind: "api",
    id,
    service,
    name: values.text("name"),
    path: config?.text("path") ?? "",
    method: config?.text("method") ?? "",
    auth: values.text("auth_type"),
    protocol: config?.text("protocol") ?? "",
    environments,
    isDeployed: false,
    modified: "",
  });
  for (const environment of environments)
    sink.add({ ...fact, kind: "release", service, environment, isReleased: true, version: "" });
  if (values.flag("force_nonce_check"))
    sink.add({ ...fact, ...NONCE_CHECK, kind: "restriction", target: id, environment: "" });
}
