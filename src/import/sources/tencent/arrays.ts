import type { JsonNode } from "../../json/jsonNode.ts";
import type { Sink } from "../sink.ts";
import { addElement } from "./dataSources.ts";
import { addApplication, addListedBinding } from "./responseCallers.ts";
import { addListedApi, addListedService } from "./responseCatalogue.ts";

const WITHOUT_TOTAL =
  "it has no TotalCount, so missing pages cannot be found: better export it without --filter";

const OTHER_NAMES =
  "is a list whose elements have other names than the vendor's (a projection of --filter, or another tool's list)";

/** A bare list: what `tccli --filter Result.ApiAppSet` prints, or the `result_output_file` of a data source. */
export function readArray(document: JsonNode, sink: Sink): void {
  const elements = document.elements();
  const [first] = elements;
  const add = first && readerOf(first);
  for (const one of add ? elements : []) add?.(one, sink);
  if (!first) sink.count("an empty list", document.place);
  else if (add) sink.count(`a bare list: ${WITHOUT_TOTAL}`, document.place);
  else sink.skip(document.place, OTHER_NAMES, "export it again without --filter");
}

function readerOf(first: JsonNode): ((one: JsonNode, sink: Sink) => void) | undefined {
  const has = (...keys: string[]) => keys.every((key) => first.has(key));
  if (has("ApiAppId", "ApiId")) return addListedBinding;
  if (has("ApiAppId", "ApiAppName")) return addApplication;
  if (has("ApiId", "ServiceId", "Path")) return addListedApi;
  if (has("ServiceId", "ServiceName")) return addListedService;
  const isSnake = has("api_app_id") || has("service_id", "service_name");
  return isSnake ? (one, sink) => void addElement(one, one.place, sink) : undefined;
}
