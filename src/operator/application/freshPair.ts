import { Secret } from "../../api/secret.ts";
import type { RandomBytes } from "../ports.ts";

const LOWER = "abcdefghijklmnopqrstuvwxyz0123456789";
const LETTERS = `ABCDEFGHIJKLMNOPQRSTUVWXYZ${LOWER}`;

/** A new identity and key pair, of which a plan takes what it needs. */
export interface Fresh {
  readonly applicationId: string;
  readonly apiAppKey: string;
  readonly apiAppSecret: Secret;
}

/** Draws a new id, key and secret: 8, 36 and 40 characters, each as likely as any other. `isTaken` tells of words that others have. */
export function drawFresh(random: RandomBytes, isTaken: (word: string) => boolean): Fresh {
  return {
    applicationId: untaken(() => `app-${word(random, LOWER, 8)}`, isTaken),
    apiAppKey: untaken(() => `APID${word(random, LETTERS, 36)}`, isTaken),
    apiAppSecret: Secret.of(word(random, LETTERS, 40)),
  };
}

function untaken(draw: () => string, isTaken: (word: string) => boolean): string {
  for (let tries = 0; tries < 16; tries++) {
    const drawn = draw();
    if (!isTaken(drawn)) return drawn;
  }
  throw new Error("sixteen random words in a row were taken: the source of randomness is broken");
}

/** Characters of an alphabet; bytes beyond the last whole multiple of its length are dropped, since they would favour its first ones. */
function word(random: RandomBytes, alphabet: string, length: number): string {
  const limit = 256 - (256 % alphabet.length);
  let text = "";
  while (text.length < length) {
    for (const byte of random(length - text.length + 8)) {
      if (byte < limit && text.length < length) text += alphabet[byte % alphabet.length];
    }
  }
  return text;
}
