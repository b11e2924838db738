import { JsonNode } from "./jsonNode.ts";
import type { JsonText } from "./jsonScan.ts";

/** A text from which instances are parsed one by one is at least this long. */
const LARGE_BYTES = 4_194_304;
const DECODER = new TextDecoder("utf-8", { fatal: true });

/** A parsed text without the lists that are parsed later, each of which is its number instead. */
export interface ParsedText {
  readonly value: unknown;
  /** The instances of a resource, parsed when they are read. */
  readonly instancesOf: (resource: JsonNode) => Iterable<JsonNode>;
}

/**
 * Parses a text. Of a large state each instance is parsed on its own: a state of 53 MB took 250 MB more at once (Node 24.21).
 * Throws on text that is not JSON or not UTF-8; its messages may quote the text.
 */
export function parseText(bytes: Uint8Array, { start, end, instances }: JsonText): ParsedText {
  if (end - start < LARGE_BYTES || instances.length === 0) {
    const value: unknown = JSON.parse(DECODER.decode(bytes.subarray(start, end)));
    return { value, instancesOf: (resource) => resource.items("instances") };
  }
  const pieces: string[] = [];
  let from = start;
  for (const [index, list] of instances.entries()) {
    pieces.push(DECODER.decode(bytes.subarray(from, list.start)), String(index));
    from = list.end;
  }
  pieces.push(DECODER.decode(bytes.subarray(from, end)));
  return { value: JSON.parse(pieces.join("")), instancesOf };

  function* instancesOf(resource: JsonNode): Generator<JsonNode> {
    const items = instances[resource.number("instances") ?? -1]?.items ?? [];
    for (let at = 0; at < items.length; at += 2) {
      const value: unknown = JSON.parse(DECODER.decode(bytes.subarray(items[at], items[at + 1])));
      yield new JsonNode(value, resource.source, `${resource.at}.instances[${at / 2}]`);
    }
  }
}
