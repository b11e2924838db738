import { isRecord } from "../../base/json.ts";
import type { GatewaySources } from "../gateway/gateway.ts";
import type { JsonNode } from "../json/jsonNode.ts";
import type { Sink } from "./sink.ts";

/** What tells versions of one state apart. */
export interface StateVersion {
  readonly lineage: string;
  readonly serial: number;
}

/** The instances of a resource of a state. */
export type InstancesOf = (resource: JsonNode) => Iterable<JsonNode>;

/** Reads a state file of version 4, of Terraform or OpenTofu. The provider is not looked at: the type is enough. */
export function readState(
  document: JsonNode,
  { addResource }: GatewaySources,
  sink: Sink,
  instancesOf: InstancesOf,
): void {
  for (const resource of document.items("resources")) {
    const [module, mode, type, name] = ["module", "mode", "type", "name"].map((key) => resource.text(key));
    for (const instance of instancesOf(resource)) {
      const key = indexText(instance.value, "index_key");
      const data = mode === "data" ? "data." : "";
      const address = `${module ? `${module}.` : ""}${data}${type}.${name}${key}`;
      const values = instance.child("attributes");
      const isDeposed = instance.text("deposed") !== "";
      if (values) addResource({ mode: mode ?? "", type: type ?? "", values, address, isDeposed }, sink);
    }
  }
}

/** Reads the output of `terraform show -json`: of a state, or the prior state of a plan. Planned values are not what exists. */
export function readShown(document: JsonNode, sources: GatewaySources, sink: Sink): void {
  const isPlan = document.has("planned_values") || document.has("prior_state");
  const values = (isPlan ? document.child("prior_state") : document)?.child("values");
  const root = values?.child("root_module");
  if (root) readModule(root, sources, sink);
  else
    sink.skip(
      document.place,
      "is a plan or a state without resources",
      "export the state: terraform state pull > FILE",
    );
}

function readModule(module: JsonNode, sources: GatewaySources, sink: Sink): void {
  for (const resource of module.items("resources")) {
    const values = resource.child("values");
    const deposed = resource.text("deposed_key");
    if (!values) continue;
    sources.addResource(
      {
        mode: resource.text("mode"),
        type: resource.text("type"),
        values,
        address: resource.text("address"),
        isDeposed: deposed !== "",
      },
      sink,
    );
  }
  for (const child of module.items("child_modules")) readModule(child, sources, sink);
}

/** `["eu"]` or `[0]`; "" for a resource without count and for_each. */
function indexText(instance: unknown, key: string): string {
  const index = isRecord(instance) ? instance[key] : undefined;
  return typeof index === "number" || typeof index === "string" ? `[${JSON.stringify(index)}]` : "";
}
