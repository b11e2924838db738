/** What is remembered of one key. */
interface Remembered {
  form: string | undefined;
  /** Failures that are forgiven by now are taken off; whole and parts of them. */
  failures: number;
  /** Epoch milliseconds of the last failure. */
  at: number;
}

/** More failures of one key than these at once, and only its likely forms are tried until they are forgiven. */
const MANY_FAILURES = 20;
/** So many failures are forgiven a second. */
const FORGIVEN_PER_SECOND = 5;
/** More keys than any installation has are not remembered; the oldest are forgotten first. */
const MAX_KEYS = 200_000;

/**
 * What this process remembers of keys: the form that verified last, and how often signatures failed lately. Hints for
 * speed: they decide the order in which forms are tried, and that a key under attack gets the likely ones alone.
 */
export class KeyMemory {
  readonly #keys = new Map<string, Remembered>();

  /** For decide(); `now` is epoch milliseconds. */
  hints(keyId: string, now: number): { readonly rememberedForm?: string; readonly likelyOnly?: boolean } {
    const known = this.#keys.get(keyId);
    if (!known) return {};
    const likelyOnly = failuresAt(known, now) > MANY_FAILURES;
    return {
      ...(known.form === undefined ? {} : { rememberedForm: known.form }),
      ...(likelyOnly ? { likelyOnly } : {}),
    };
  }

  verified(keyId: string, form: string): void {
    const known = this.#keys.get(keyId);
    if (known) known.form = form;
    else this.#add(keyId, { form, failures: 0, at: 0 });
  }

  /** Only for keys that exist: names that strangers make up are not remembered. */
  failed(keyId: string, now: number): void {
    const known = this.#keys.get(keyId);
    if (!known) this.#add(keyId, { form: undefined, failures: 1, at: now });
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
