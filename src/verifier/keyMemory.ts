import type { KeyEntry } from "../policy/index/applications.ts";
import type { Variant, VerifyHint } from "../signing/scheme.ts";
import { type KeyNotes, notesOf, type Remembered } from "./keyNotes.ts";

/** More failures of one key than these at once, and only its likely variants are tried until they are forgiven. */
const MANY_FAILURES = 20;
/** So many failures are forgiven a second. */
const FORGIVEN_PER_SECOND = 5;
/** More keys than any installation has are not remembered; the oldest are forgotten first. */
const MAX_KEYS = 200_000;

/**
 * What this process remembers of keys: the variant of the string to sign that verified last, and how often signatures failed
 * lately. Hints for speed: they decide the order in which variants are tried, and that a key under attack gets the likely
 * ones alone. By the key's name, so that a change of its Application forgets nothing.
 */
export class KeyMemory {
  readonly #keys = new Map<string, Remembered>();

  /** For decide(); `now` is epoch milliseconds. Good until the next call for the same key. */
  hints(key: KeyEntry, now: number): VerifyHint {
    const notes = this.#recall(key);
    if (notes.hasFailed && notes.remembered) {
      const failures = failuresAt(notes.remembered, now);
      notes.likelyOnly = failures > MANY_FAILURES;
      notes.hasFailed = failures > 0;
    }
    return notes;
  }

  verified(key: KeyEntry, variant: Variant): void {
    const notes = this.#recall(key);
    if (notes.variant === variant) return;
    notes.variant = variant;
    this.#remembered(key, notes).variant = variant;
  }

  /** Only for keys that exist: names that untrusted clients make up are not remembered. */
  failed(key: KeyEntry, now: number): void {
    const notes = this.#recall(key);
    const known = this.#remembered(key, notes);
    known.failures = failuresAt(known, now) + 1;
    known.at = now;
    notes.hasFailed = true;
  }

  /** The key's notes, with what is remembered of it. */
  #recall(key: KeyEntry): KeyNotes {
    const notes = notesOf(key);
    if (notes.isRecalled) return notes;
    notes.isRecalled = true;
    notes.remembered = this.#keys.get(key.apiAppKey);
    notes.variant = notes.remembered?.variant;
    notes.hasFailed = notes.remembered !== undefined;
    return notes;
  }

  /** What is remembered of the key, from now on if nothing was. */
  #remembered(key: KeyEntry, notes: KeyNotes): Remembered {
    if (notes.remembered) return notes.remembered;
    const remembered = { variant: notes.variant, failures: 0, at: 0 };
    notes.remembered = remembered;
    this.#keys.set(key.apiAppKey, remembered);
    if (this.#keys.size > MAX_KEYS) {
      const [oldest = ""] = this.#keys.keys();
      this.#keys.delete(oldest);
    }
    return remembered;
  }
}

function failuresAt({ failures, at }: Remembered, now: number): number {
  return Math.max(0, failures - (Math.max(0, now - at) / 1_000) * FORGIVEN_PER_SECOND);
}
