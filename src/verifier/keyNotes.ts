import type { SchemeName } from "../api/vocabulary.ts";
import type { Series } from "../observe/metrics/plainMetrics.ts";
import type { KeyEntry } from "../policy/index/applications.ts";
import type { Variant, VerifyHint } from "../signing/scheme.ts";
import type { OkPart } from "./wire/checkResponse.ts";

/** What KeyMemory remembers of one key. */
export interface Remembered extends VerifyHint {
  variant: Variant | undefined;
  /** As of the last time that it was asked for. */
  likelyOnly: boolean;
  /** Failures that are forgiven by now are taken off; whole and parts of them. */
  failures: number;
  /** Epoch milliseconds of the last failure. */
  at: number;
}

/**
 * What a verifier keeps with a key beside its document, so that each Check finds it without a look-up: with many callers, each look-up
 * reads memory that no cache of the processor holds. No decision depends on it, and it goes with the entry.
 */
export class KeyNotes {
  remembered: Remembered | undefined = undefined;
  /** What an upstream learns of its caller, encoded. */
  identity: OkPart | undefined = undefined;
  /** The series of its verified requests, by scheme. */
  readonly series: Partial<Record<SchemeName, Series>> = {};
}

/** The notes of a key, which has some from its first use on. */
export function notesOf(key: KeyEntry): KeyNotes {
  if (key.notes instanceof KeyNotes) return key.notes;
  const notes = new KeyNotes();
  key.notes = notes;
  return notes;
}
