import { isRecord } from "../../base/json.ts";
import type { Gateway, GatewaySources, GatewayWords } from "../gateway/gateway.ts";
import type { JsonNode } from "../json/jsonNode.ts";
import type { Sink } from "./sink.ts";
import { type InstancesOf, readShown, readState, type StateVersion } from "./states.ts";

/** What a document turned out to be: a state, whose versions are compared with others, or anything else. */
export type Recognised =
  | { readonly kind: "state"; readonly version: StateVersion }
  | { readonly kind: "other" };

const OTHER: Recognised = { kind: "other" };

/** Recognises one parsed document and hands its facts to the sink. */
export function readDocument(
  document: JsonNode,
  gateway: Gateway,
  sink: Sink,
  instancesOf: InstancesOf,
): Recognised {
  const { sources, words } = gateway;
  if (Array.isArray(document.value)) sources.readArray(document, sink);
  else if (isState(document)) return readVersion4(document, sources, sink, instancesOf);
  else if (document.has("format_version")) readShown(document, sources, sink);
  else if (!isForeign(document, words, sink)) sources.readCall(document, sink);
  return OTHER;
}

function isState(document: JsonNode): boolean {
  return document.has("version") && document.has("lineage") && document.has("resources");
}

function readVersion4(
  document: JsonNode,
  sources: GatewaySources,
  sink: Sink,
  instancesOf: InstancesOf,
): Recognised {
  const version = document.number("version");
  if (version !== 4) {
    sink.skip(
      document.place,
      `is a state of version ${version}`,
      "write it with a Terraform that is newer than 0.12: terraform state pull > FILE",
    );
    return OTHER;
  }
  readState(document, sources, sink, instancesOf);
  return {
    kind: "state",
    version: { lineage: document.text("lineage"), serial: document.number("serial") ?? 0 },
  };
}

/** A document of another tool, or one that is of no use as it is. */
function isForeign(document: JsonNode, { exportWith }: GatewayWords, sink: Sink): boolean {
  const known = FOREIGN.find(({ matches }) => matches(document));
  if (known) sink.skip(document.place, known.what, known.remedy ?? exportWith);
  return known !== undefined;
}

const PULL = "run terraform state pull > FILE where the backend is configured";

const FOREIGN: readonly {
  readonly matches: (document: JsonNode) => boolean;
  readonly what: string;
  /** Undefined: export it with the vendor's tool. */
  readonly remedy: string | undefined;
}[] = [
  {
    matches: (one) => one.has("encrypted_data"),
    what: "is an encrypted state of OpenTofu",
    remedy: "run tofu state pull > FILE, which decrypts it",
  },
  {
    matches: (one) => one.has("version") && one.has("backend"),
    what: "holds only the settings of a backend (.terraform/terraform.tfstate)",
    remedy: PULL,
  },
  {
    matches: (one) => one.has("version") && one.has("modules"),
    what: "is a state of Terraform before 0.12, which is older than these resources",
    remedy: "upgrade the state with a newer Terraform",
  },
  {
    matches: (one) => one.has("version") && one.has("deployment"),
    what: "is a stack of Pulumi, which is not read",
    remedy: undefined,
  },
  {
    matches: (one) => one.has("openapi") || one.has("swagger"),
    what: "is an OpenAPI document, which has no applications, keys or domains",
    remedy: undefined,
  },
  {
    matches: (one) => one.has("ID") && one.has("Operation") && one.has("Who"),
    what: "is the lock of a state",
    remedy: "nothing to do: name the state itself",
  },
  { matches: isOutputs, what: "is the output of terraform output -json", remedy: PULL },
];

/** `{name: {sensitive, type, value}}`: names and shapes of the user's own. */
function isOutputs({ value }: JsonNode): boolean {
  const values = isRecord(value) ? Object.values(value) : [];
  return values.length > 0 && values.every((one) => isRecord(one) && "sensitive" in one && "value" in one);
}
