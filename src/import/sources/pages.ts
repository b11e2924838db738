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

/** Adds each element of a list that has no scope, and the page. `id` is the field that tells elements apart. */
export function addElements(
  result: JsonNode,
  { list, id }: { readonly list: string; readonly id: string },
  add: (one: JsonNode, sink: Sink) => void,
  sink: Sink,
): void {
  const found = result.items(list);
  for (const one of found) add(one, sink);
  const ids = found.map((one) => one.text(id));
  addPage(result, list, "", ids, sink);
}
