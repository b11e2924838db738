import type { JsonNode } from "../json/jsonNode.ts";
import type { Sink } from "./sink.ts";

/** Records what one page holds, so that missing pages are found. */
export function addPage(
  result: JsonNode,
  list: string,
  scope: string,
  ids: readonly string[],
  sink: Sink,
): void {
  const total = result.number("TotalCount");
  sink.add({ kind: "page", origin: "response", from: result.place, list, scope, total, ids });
}
