import type { KeyEntry } from "../policy/index/applications.ts";
import type { Variant, VerifyHint } from "../signing/scheme.ts";
import { notesOf, type Remembered } from "./keyNotes.ts";

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
  hints(key: KeyEntry, now: number): VerifyHint | undefined {
    const known = this.#of(key);
    if (known) known.likelyOnly = known.failures > 0 && failuresAt(known, now) > MANY_FAILURES;
    return known;
  }

  verified(key: KeyEntry, variant: Variant): void {
    const known = this.#of(key);
    if (known) known.variant = variant;
    else this.#add(key, { variant, likelyOnly: false, failures: 0, at: 0 });
  }

  /** Only for keys that exist: names that untrusted clients make up are not remembered. */
  failed(key: KeyEntry, now: number): void {
    const known = this.#of(key);
    if (!known) this.#add(key, { variant: undefined, likelyOnly: false, failures: 1, at: now });
    else {
      known.failures = failuresAt(known, now) + 1;
      known.at = now;
    }
  }

  #of(key: KeyEntry): Remembered | undefined {
    const notes = notesOf(key);
    notes.remembered ??= this.#keys.get(key.record.apiAppKey);
    return notes.remembered;
  }

  #add(key: KeyEntry, remembered: Remembered): void {
    notesOf(key).remembered = remembered;
    this.#keys.set(key.record.apiAppKey, remembered);
    if (this.#keys.size <= MAX_KEYS) return;
    const [oldest = ""] = this.#keys.keys();
    this.#keys.delete(oldest);
  }
}

function failuresAt({ failures, at }: Remembered, now: number): number {
  return Math.max(0, failures - (Math.max(0, now - at) / 1_000) * FORGIVEN_PER_SECOND);
}
