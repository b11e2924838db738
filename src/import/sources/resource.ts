import type { JsonNode } from "../json/jsonNode.ts";

/** One instance of a resource or data source in a state. */
export interface ResourceInstance {
  /** `managed` or `data`. */
  readonly mode: string;
  readonly type: string;
  /** Its attributes; their place is the resource's address. */
  readonly values: JsonNode;
  readonly address: string;
  readonly isDeposed: boolean;
}

/** What is reported for a deposed object, which another one replaced. */
export const DEPOSED = {
  what: "is a deposed object, which another one replaced",
  remedy: "import does not take it: it may or may not exist at the vendor, and has an old key pair",
} as const;
