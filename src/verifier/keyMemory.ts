import type { KeyEntry } from "../policy/index/applications.ts";
import type { Variant, VerifyHint } from "../signing/scheme.ts";

/** What is remembered of one key. */
interface Remembered extends VerifyHint {
  variant: Variant | undefined;
  /** As of the last time that it was asked for. */
  likelyOnly: boolean;
  /** Failures that are forgiven by now are taken off; whole and parts of them. */
  failures: number;
  /** Epoch milliseconds of the last failure. */
  at: number;
}

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
  hints({ record: { apiAppKey } }: KeyEntry, now: number): VerifyHint | undefined {
    const known = this.#keys.get(apiAppKey);
    if (known) known.likelyOnly = known.failures > 0 && failuresAt(known, now) > MANY_FAILURES;
    return known;
  }

  verified({ record: { apiAppKey } }: KeyEntry, variant: Variant): void {
    const known = this.#keys.get(apiAppKey);
    if (known) known.variant = variant;
    else this.#add(apiAppKey, { variant, likelyOnly: false, failures: 0, at: 0 });
  }

  /** Only for keys that exist: names that untrusted clients make up are not remembered. */
  failed({ record: { apiAppKey } }: KeyEntry, now: number): void {
    const known = this.#keys.get(apiAppKey);
    if (!known) this.#add(apiAppKey, { variant: undefined, likelyOnly: false, failures: 1, at: now });
    else {
      known.failures = failuresAt(known, now) + 1;
      known.at = now;
    }
  }

  #add(keyId: string, remembered: Remembered): void {
    this.#keys.set(keyId, remembered);
    if (this.#keys.size <= MAX_KEYS) return;
    const [oldest = ""] = this.#keys.keys();
    this.#keys.delete(oldest);
  }
}

function failuresAt({ failures, at }: Remembered, now: number): number {
  return Math.max(0, failures - (Math.max(0, now - at) / 1_000) * FORGIVEN_PER_SECOND);
}
