import { Secret } from "../../api/secret.ts";
import type { RandomBytes } from "../ports.ts";

const LOWER = "abcdefghijklmnopqrstuvwxyz0123456789";
const LETTERS = `ABCDEFGHIJKLMNOPQRSTUVWXYZ${LOWER}`;

/** A random identity and key pair. */
export interface Fresh {
  readonly applicationId: string;
  readonly apiAppKey: string;
  readonly apiAppSecret: Secret;
}

/**
 * Draws an id, an ApiAppKey and an ApiAppSecret of 8, 36 and 40 uniformly distributed characters. `isTaken`: whether another Application
 * has this id or ApiAppKey. Each is drawn when it is first read, since most plans need none.
 */
export function drawFresh(random: RandomBytes, isTaken: (value: string) => boolean): Fresh {
  return new Drawn(random, isTaken);
}

/** A class, since an object literal with getters takes 1 µs to make, and every plan has one. */
class Drawn implements Fresh {
  readonly #random: RandomBytes;
  readonly #isTaken: (value: string) => boolean;
  #applicationId: string | undefined;
  #apiAppKey: string | undefined;
  #apiAppSecret: Secret | undefined;

  constructor(random: RandomBytes, isTaken: (value: string) => boolean) {
    this.#random = random;
    this.#isTaken = isTaken;
  }

  get applicationId(): string {
    this.#applicationId ??= untaken(() => `app-${text(this.#random, LOWER, 8)}`, this.#isTaken);
    return this.#applicationId;
  }

  get apiAppKey(): string {
    this.#apiAppKey ??= untaken(() => `APID${text(this.#random, LETTERS, 36)}`, this.#isTaken);
    return this.#apiAppKey;
  }

  get apiAppSecret(): Secret {
    this.#apiAppSecret ??= Secret.of(text(this.#random, LETTERS, 40));
    return this.#apiAppSecret;
  }
}

function untaken(draw: () => string, isTaken: (value: string) => boolean): string {
  for (let tries = 0; tries < 16; tries++) {
    const drawn = draw();
    if (!isTaken(drawn)) return drawn;
  }
  throw new Error("16 random values in a row were already in use: the source of randomness is broken");
}

/** Random characters of an alphabet. Bytes above the last whole multiple of its length are dropped: they would favour its first characters. */
function text(random: RandomBytes, alphabet: string, length: number): string {
  const limit = 256 - (256 % alphabet.length);
  let drawn = "";
  while (drawn.length < length) {
    for (const byte of random(length - drawn.length + 8)) {
      if (byte < limit && drawn.length < length) drawn += alphabet[byte % alphabet.length];
    }
  }
  return drawn;
}
