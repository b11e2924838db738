import { createHash, timingSafeEqual } from "node:crypto";

/** Random bytes. */
export type Random = (bytes: number) => Buffer;

/**
 * The one session of a console. The token of its link works once: a link that is found later, in a terminal's output or in a
 * browser's history, opens nothing.
 */
export class Session {
  readonly token: string;
  readonly #cookie: string;
  #isRedeemed = false;

  constructor(random: Random) {
    this.token = random(32).toString("base64url");
    this.#cookie = random(32).toString("base64url");
  }

  /** The value of the cookie for a right token that was not used before; otherwise undefined. */
  redeem(token: string): string | undefined {
    if (!isEqual(token, this.token) || this.#isRedeemed) return undefined;
    this.#isRedeemed = true;
    return this.#cookie;
  }

  isOpenedBy(cookie: string): boolean {
    return isEqual(cookie, this.#cookie);
  }
}

/** Compares digests, so that the time does not depend on where two texts differ. */
function isEqual(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
