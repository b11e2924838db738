import type { Fact, Place } from "../facts.ts";

/** Takes what the readers of documents find. */
export interface Sink {
  add(fact: Fact): void;
  /** A document, or a part of one, that is of no use: what it is, and what to do. */
  skip(from: Place, what: string, remedy: string): void;
  /** Something without a counterpart, counted by its type, such as `tencentcloud_api_gateway_usage_plan`. */
  count(type: string, from: Place): void;
}
