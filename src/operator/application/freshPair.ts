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
  const drawn: { -readonly [Name in keyof Fresh]?: Fresh[Name] } = {};
  return {
    get applicationId() {
      drawn.applicationId ??= untaken(() => `app-${text(random, LOWER, 8)}`, isTaken);
      return drawn.applicationId;
    },
    get apiAppKey() {
      drawn.apiAppKey ??= untaken(() => `APID${text(random, LETTERS, 36)}`, isTaken);
      return drawn.apiAppKey;
    },
    get apiAppSecret() {
      drawn.apiAppSecret ??= Secret.of(text(random, LETTERS, 40));
      return drawn.apiAppSecret;
    },
  };
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
