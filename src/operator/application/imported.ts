import { isApiAppKey, MIN_SECRET_BYTES, SHORT_SECRET_BYTES, secretFault } from "../../api/keyPair.ts";
import { CREDENTIAL_KEYS, SECRET_TYPES } from "../../api/names.ts";
import type { Secret } from "../../api/secret.ts";
import type { Reason } from "../conditions/reasons.ts";
import { isOwnedBy, secretNameOf } from "./credentials.ts";
import type { Living } from "./observed.ts";
import { MAX_KEYS } from "./rotation.ts";

/** The result of reading the Secret to import from. */
export type Imported =
  | { readonly kind: "none" }
  | { readonly kind: "pair"; readonly apiAppKey: string; readonly apiAppSecret: Secret }
  | { readonly kind: "unusable"; readonly reason: Reason; readonly message: string };

/** Reads the pair to import. An unusable one changes no key that is in use. Messages name no object of another namespace. */
export function readImport(living: Living): Imported {
  const { seen, object, spec } = living;
  const from = spec.credentials.importFrom?.name;
  if (from === undefined) return { kind: "none" };
  const isWritten =
    seen.importFrom?.type === SECRET_TYPES.Credentials && isOwnedBy(seen.importFrom, object.metadata.uid);
  if (isWritten || from === secretNameOf(object, spec))
    return unusable(
      "ImportIsCredentialsSecret",
      `The operator writes the Secret ${from}: set importFrom to another Secret`,
    );
  if (!seen.importFrom)
    return unusable(
      "ImportNotLabelled",
      `No Secret ${from} with the label countersign.dev/credentials: "true" was found in this namespace: create it, or add the label to it`,
    );
  const apiAppKey = seen.importFrom.data.get(CREDENTIAL_KEYS.key)?.reveal() ?? "";
  const apiAppSecret = seen.importFrom.data.get(CREDENTIAL_KEYS.secret);
  if (!isApiAppKey(apiAppKey))
    return unusable(
      "ImportInvalid",
      `Secret ${from} needs the key ApiAppKey with 1 to 64 letters, digits, '_' and '-', and no line end`,
    );
  if (!apiAppSecret) return unusable("ImportInvalid", `Secret ${from} needs the key ApiAppSecret`);
  const fault = secretFault(apiAppSecret.reveal());
  if (fault !== undefined) return unusable("ImportInvalid", `The ApiAppSecret in Secret ${from} ${fault}`);
  return pairOf(living, from, apiAppKey, apiAppSecret);
}

function pairOf({ seen, spec }: Living, from: string, apiAppKey: string, apiAppSecret: Secret): Imported {
  const tooShort = tooShortMessage(from, apiAppSecret, spec.credentials.allowShortSecret === true);
  if (tooShort !== undefined) return unusable("ImportSecretTooShort", tooShort);
  const document = seen.projection?.document ?? seen.lost;
  const revoked = new Set([...(document?.revokedKeys ?? []), ...(spec.credentials.revokedKeys ?? [])]);
  if (revoked.has(apiAppKey))
    return unusable(
      "ImportedKeyRevoked",
      `The ApiAppKey in Secret ${from} was revoked for this Application: import another pair`,
    );
  const keys = document?.keys ?? [];
  const same = keys.find((key) => key.apiAppKey === apiAppKey);
  if (!same && seen.isForeignKey(apiAppKey))
    return unusable(
      "ApiAppKeyConflict",
      `The ApiAppKey in Secret ${from} is in use by another Application: import another pair`,
    );
  if (same && !same.apiAppSecret.equals(apiAppSecret))
    return unusable(
      "ImportSecretChanged",
      `Secret ${from} has a different ApiAppSecret for an ApiAppKey that is in use; the key keeps its present secret: import a pair with another ApiAppKey, or delete and re-create the Application`,
    );
  if (!same && keys.length >= MAX_KEYS)
    return unusable(
      "TooManyKeys",
      `The Application has ${keys.length} keys, the maximum: wait until one retires, or list one in revokedKeys`,
    );
  return { kind: "pair", apiAppKey, apiAppSecret };
}

/** Undefined if the secret is long enough. The message contains limits only, not the length of the secret. */
function tooShortMessage(from: string, apiAppSecret: Secret, allowsShort: boolean): string | undefined {
  const bytes = Buffer.byteLength(apiAppSecret.reveal());
  const what = `The ApiAppSecret in Secret ${from}`;
  if (bytes < MIN_SECRET_BYTES)
    return `${what} has fewer than ${MIN_SECRET_BYTES} bytes and could be guessed: import a longer one; allowShortSecret does not admit it`;
  if (bytes >= SHORT_SECRET_BYTES || allowsShort) return undefined;
  return `${what} has fewer than ${SHORT_SECRET_BYTES} bytes and could be guessed: import a longer one, or accept the risk with spec.credentials.allowShortSecret: true`;
}

function unusable(reason: Reason, message: string): Imported {
  return { kind: "unusable", reason, message };
}
