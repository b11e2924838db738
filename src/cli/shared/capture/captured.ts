import type { DenialCode } from "../../../api/vocabulary.ts";
import type { HttpMessage } from "./httpMessage.ts";

/** Where a request was found. */
export interface Place {
  readonly file: string;
  /** From 1; undefined for a binary file. */
  readonly line?: number;
  /** The number of the entry in a HAR file, from 1. */
  readonly entry?: number;
}

/**
 * What a capture lacks, each as a sentence with the remedy. A decision that a gap may have changed is no decision: a verifier that saw the
 * whole request might have decided otherwise.
 */
export interface Gaps {
  /** The request as a whole. */
  readonly request?: string;
  /** The bytes of the body. */
  readonly body?: string;
  /** When it was received. */
  readonly time?: string;
  /** Denials that may be due to the capture alone. Every other decision is certain. */
  readonly denials?: ReadonlyMap<DenialCode, string>;
}

/** A captured request, or why there is no request at this place. */
export type Captured =
  | {
      readonly ok: true;
      readonly place: Place;
      /** Undefined: the request has no id of its own. */
      readonly id: string | number | undefined;
      /** Epoch milliseconds. */
      readonly time: number | undefined;
      readonly message: HttpMessage;
      readonly gaps: Gaps;
    }
  | {
      readonly ok: false;
      readonly place: Place;
      readonly id: string | number | undefined;
      readonly problem: string;
    };

/** The place as an error names it, such as `traffic.jsonl:4` or `shop.har:812 (entry 12)`. */
export function placeText({ file, line, entry }: Place): string {
  const at = line === undefined ? file : `${file}:${line}`;
  return entry === undefined ? at : `${at} (entry ${entry})`;
}
