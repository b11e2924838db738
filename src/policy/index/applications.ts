import { projectionName } from "../../api/names.ts";
import { IdTable, seededHash } from "../../base/idTable.ts";
import type { ApplicationProjection, KeyRecord, PublicKeyRecord } from "../../projection/documents.ts";
import { keyIdsOf } from "../../projection/keyIds.ts";
import { publicKey, signingKey, type VerificationKey } from "../../signing/scheme.ts";
import type { CallerOfGrants } from "./grants.ts";
import { byAge } from "./ownership.ts";

/**
 * A key pair or a public key of an Application, ready to verify with. What a request that is allowed reads is in the entry itself, and
 * not in the document, which no cache of the processor holds.
 */
export class KeyEntry implements CallerOfGrants {
  readonly application: ApplicationProjection;
  /** Of its Application, as are the next two. */
  readonly schemes: ApplicationProjection["schemes"];
  readonly isSuspended: boolean;
  readonly replayProtection: ApplicationProjection["replayProtection"];
  /** By which callers name the key: of a public key its keyId. */
  readonly apiAppKey: string;
  /** A public key is Active. */
  readonly state: KeyRecord["state"];
  readonly key: VerificationKey;
  meantFor = 0;
  /** The day (since the epoch) of its last allowed request, as far as a verifier recorded it here; 0 before. No decision depends on it. */
  usedOn = 0;
  /** What a verifier keeps with the key (KeyNotes). No decision depends on it. */
  notes: object | undefined = undefined;
  /** Undefined for never: V8 keeps a number such as Infinity outside of the object. */
  readonly #retiresAt: number | undefined;
  readonly #expiresAt: number | undefined;

  constructor(application: ApplicationProjection, record: KeyRecord | PublicKeyRecord) {
    this.application = application;
    this.schemes = application.schemes;
    this.isSuspended = application.suspended;
    this.replayProtection = application.replayProtection;
    this.apiAppKey = ownCopy(idOf(record));
    this.state = isPublic(record) ? "Active" : record.state;
    this.key = isPublic(record) ? publicKey(record.publicKey) : signingKey(record.apiAppSecret.reveal());
    this.#retiresAt = endOf(isPublic(record) ? record.expiresAt : record.retiresAt);
    this.#expiresAt = endOf(application.expiresAt);
  }

  /** Epoch milliseconds from which the key is denied. */
  get retiresAt(): number {
    return this.#retiresAt ?? Number.POSITIVE_INFINITY;
  }

  /** Epoch milliseconds from which the Application is denied. */
  get expiresAt(): number {
    return this.#expiresAt ?? Number.POSITIVE_INFINITY;
  }
}

/** All Applications by their keys. An ApiAppKey that two of them have is the older one's; the other may take it once it is free. */
export class ApplicationTable {
  /**
   * Who has the key, and from the first request on its entry: most keys of a large installation are seldom used, and what requests read
   * lies together in memory if it is made at one time.
   */
  readonly #byKey: IdTable<Owner | KeyEntry>;
  /** The others that name the key, the oldest first. */
  readonly #waiting = new Map<string, readonly ApplicationProjection[]>();
  readonly #documents = new Map<string, ApplicationProjection>();
  readonly #ids = new Map<string, number>();

  /** `seed` is any number, unknown to those who choose keys. */
  constructor(seed = 0) {
    this.#byKey = new IdTable(({ apiAppKey }) => apiAppKey, seededHash(seed));
  }

  add(name: string, application: ApplicationProjection): void {
    this.#documents.set(name, application);
    this.#ids.set(application.applicationId, (this.#ids.get(application.applicationId) ?? 0) + 1);
    for (const apiAppKey of keyIdsOf(application)) {
      if (application.revokedKeys.includes(apiAppKey)) continue;
      const claimants = this.#claimantsOf(apiAppKey);
      if (!claimants.includes(application)) this.#put(apiAppKey, [...claimants, application].sort(byAge));
    }
  }

  remove(name: string): void {
    const application = this.#documents.get(name);
    if (!application) return;
    this.#documents.delete(name);
    const left = (this.#ids.get(application.applicationId) ?? 1) - 1;
    if (left > 0) this.#ids.set(application.applicationId, left);
    else this.#ids.delete(application.applicationId);
    for (const apiAppKey of keyIdsOf(application))
      this.#put(
        apiAppKey,
        this.#claimantsOf(apiAppKey).filter((one) => one !== application),
      );
  }

  /** The key that a caller named, unless it is retired by now (epoch milliseconds). A revoked one is not there at all. */
  key(apiAppKey: string, now: number): KeyEntry | undefined {
    const found = this.#byKey.get(apiAppKey);
    const entry = found instanceof Owner ? this.#open(found) : found;
    return entry && now < entry.retiresAt ? entry : undefined;
  }

  has(applicationId: string): boolean {
    return this.#ids.has(applicationId);
  }

  hasName(namespace: string, name: string): boolean {
    return this.#documents.has(projectionName("Application", namespace, name));
  }

  get size(): number {
    return this.#documents.size;
  }

  /** Makes the entry. Throws if a public key cannot be read, which was checked when it was written. */
  #open({ apiAppKey, application }: Owner): KeyEntry | undefined {
    const records = [...application.keys, ...(application.publicKeys ?? [])];
    const record = records.find((one) => idOf(one) === apiAppKey);
    if (!record) return undefined;
    const entry = new KeyEntry(application, record);
    this.#byKey.set(entry);
    return entry;
  }

  /** All that name the key; the first one has it. */
  #claimantsOf(apiAppKey: string): readonly ApplicationProjection[] {
    const owner = this.#byKey.get(apiAppKey)?.application;
    return owner ? [owner, ...(this.#waiting.get(apiAppKey) ?? [])] : [];
  }

  #put(apiAppKey: string, [owner, ...others]: readonly ApplicationProjection[]): void {
    if (!owner) this.#byKey.delete(apiAppKey);
    else if (owner !== this.#byKey.get(apiAppKey)?.application) this.#byKey.set(new Owner(apiAppKey, owner));
    if (others.length > 0) this.#waiting.set(apiAppKey, others);
    else this.#waiting.delete(apiAppKey);
  }
}

/** Which Application has a key that no request has named yet. */
class Owner {
  readonly apiAppKey: string;
  readonly application: ApplicationProjection;

  constructor(apiAppKey: string, application: ApplicationProjection) {
    this.apiAppKey = apiAppKey;
    this.application = application;
  }
}

function isPublic(record: KeyRecord | PublicKeyRecord): record is PublicKeyRecord {
  return "keyId" in record;
}

function idOf(record: KeyRecord | PublicKeyRecord): string {
  return isPublic(record) ? record.keyId : record.apiAppKey;
}

/** The same text at another place in memory: the document's own lies apart from the entry. */
function ownCopy(text: string): string {
  const copy = Buffer.from(text).toString();
  // Not so for a text that has no UTF-8; under another name the entry would be one that nothing removes.
  return copy === text ? copy : text;
}

function endOf(time: string | undefined): number | undefined {
  return time === undefined ? undefined : Date.parse(time);
}
