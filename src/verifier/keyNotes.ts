import type { SchemeName } from "../api/vocabulary.ts";
import type { Series } from "../observe/metrics/plainMetrics.ts";
import type { KeyEntry } from "../policy/index/applications.ts";
import type { Variant, VerifyHint } from "../signing/scheme.ts";
import type { OkPart } from "./wire/checkResponse.ts";

/** What KeyMemory remembers of a key by its name. */
export interface Remembered {
  variant: Variant | undefined;
  /** Failures that are forgiven by now are taken off; whole and parts of them. */
  failures: number;
  /** Epoch milliseconds of the last failure. */
  at: number;
}

/**
 * What a verifier keeps with a key beside its document, so that each Check finds it without a look-up. Most of it is one object, since
 * with many callers each further one is memory that no cache of the processor holds. No decision depends on it, and it goes with the entry.
 */
export class KeyNotes implements VerifyHint, OkPart {
  /** Whether KeyMemory has looked for what it remembers of the key. */
  isRecalled = false;
  remembered: Remembered | undefined = undefined;
  variant: Variant | undefined = undefined;
  /** As of the last time that KeyMemory was asked. */
  likelyOnly = false;
  /** Whether any failure may be left that is not forgiven. */
  hasFailed = false;
  /** What an upstream learns of its caller, encoded; all three are empty before the first allowed request. */
  sets: readonly string[] = [];
  fields = "";
  metadata = "";
  /** The series of its verified requests under the scheme that it was verified under last. */
  scheme: SchemeName | undefined = undefined;
  series: Series | undefined = undefined;
}

/** The notes of a key, which has some from its first use on. */
export function notesOf(key: KeyEntry): KeyNotes {
  if (key.notes instanceof KeyNotes) return key.notes;
  const notes = new KeyNotes();
  key.notes = notes;
  return notes;
}
