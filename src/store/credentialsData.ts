import { CREDENTIAL_KEYS } from "../api/names.ts";
import { Secret } from "../api/secret.ts";
import { oneCopy } from "../base/oneCopy.ts";

/** The decoded values of a Secret with a key pair, of the keys in CREDENTIAL_KEYS alone. */
export interface SecretData extends Iterable<readonly [key: string, value: Secret]> {
  /** Undefined if the Secret does not have the key. */
  get(key: string): Secret | undefined;
}

/** Three fields take a quarter of the memory of a Map, and there are two such Secrets for each Application. */
export class CredentialsData implements SecretData {
  readonly #id: Secret | undefined;
  readonly #key: Secret | undefined;
  readonly #secret: Secret | undefined;

  /** `textOf` returns the text of a key of CREDENTIAL_KEYS; undefined or "" for a missing one. */
  constructor(textOf: (key: string) => string | undefined) {
    this.#id = secretOf(textOf(CREDENTIAL_KEYS.id));
    this.#key = secretOf(textOf(CREDENTIAL_KEYS.key));
    this.#secret = secretOf(textOf(CREDENTIAL_KEYS.secret));
  }

  get(key: string): Secret | undefined {
    if (key === CREDENTIAL_KEYS.id) return this.#id;
    if (key === CREDENTIAL_KEYS.key) return this.#key;
    return key === CREDENTIAL_KEYS.secret ? this.#secret : undefined;
  }

  *[Symbol.iterator](): Generator<readonly [string, Secret]> {
    for (const key of Object.values(CREDENTIAL_KEYS)) {
      const value = this.get(key);
      if (value) yield [key, value];
    }
  }
}

function secretOf(text: string | undefined): Secret | undefined {
  return text === undefined || text === "" ? undefined : Secret.of(oneCopy(text));
}
