import { projectionName } from "../../api/names.ts";
import type { ApplicationProjection, KeyRecord, PublicKeyRecord } from "../../projection/documents.ts";
import { keyIdsOf } from "../../projection/keyIds.ts";
import { publicKey, signingKey, type VerificationKey } from "../../signing/scheme.ts";
import type { CallerOfGrants } from "./grants.ts";
import { byAge } from "./ownership.ts";

/** A key pair or a public key of an Application, ready to verify with. */
export interface KeyEntry extends CallerOfGrants {
  /** Of its Application, as are the next two: a request that is allowed reads nothing else of the document, which no cache holds. */
  readonly schemes: ApplicationProjection["schemes"];
  readonly isSuspended: boolean;
  readonly replayProtection: ApplicationProjection["replayProtection"];
  /** A public key has its keyId in the place of the ApiAppKey, and is Active. */
  readonly record: Pick<KeyRecord, "apiAppKey" | "state">;
  readonly key: VerificationKey;
  /** Epoch milliseconds from which the key is denied. */
  readonly retiresAt: number;
  /** Epoch milliseconds from which the Application is denied. */
  readonly expiresAt: number;
  /** The day (since the epoch) of its last allowed request, as far as a verifier recorded it here; 0 before. No decision depends on it. */
  usedOn: number;
  /** What a verifier keeps with the key (KeyNotes). No decision depends on it. */
  notes: object | undefined;
}

function isPublic(record: KeyRecord | PublicKeyRecord): record is PublicKeyRecord {
  return "keyId" in record;
}

/** All Applications by their keys. An ApiAppKey that two of them have is the older one's; the other may take it once it is free. */
export class ApplicationTable {
  /** Nearly every key has one entry, which needs no list. */
  readonly #byKey = new Map<string, KeyEntry | readonly KeyEntry[]>();
  readonly #documents = new Map<string, ApplicationProjection>();
  readonly #ids = new Map<string, number>();

  add(name: string, application: ApplicationProjection): void {
    this.#documents.set(name, application);
    this.#ids.set(application.applicationId, (this.#ids.get(application.applicationId) ?? 0) + 1);
    for (const record of [...application.keys, ...(application.publicKeys ?? [])]) {
      const entry = new LazyEntry(application, record);
      const { apiAppKey } = entry.record;
      if (application.revokedKeys.includes(apiAppKey)) continue;
      this.#put(apiAppKey, [...this.#entriesOf(apiAppKey), entry]);
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
        this.#entriesOf(apiAppKey).filter((entry) => entry.application !== application),
      );
  }

  /** The key that a caller named, unless it is retired by now (epoch milliseconds). A revoked one is not there at all. */
  key(apiAppKey: string, now: number): KeyEntry | undefined {
    const found = this.#byKey.get(apiAppKey);
    const entry = isList(found) ? found[0] : found;
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

  #entriesOf(apiAppKey: string): readonly KeyEntry[] {
    const found = this.#byKey.get(apiAppKey) ?? [];
    return isList(found) ? found : [found];
  }

  #put(apiAppKey: string, entries: readonly KeyEntry[]): void {
    const [first, ...others] = entries;
    if (!first) this.#byKey.delete(apiAppKey);
    else if (others.length === 0) this.#byKey.set(apiAppKey, first);
    else
      this.#byKey.set(
        apiAppKey,
        entries.toSorted((a, b) => byAge(a.application, b.application)),
      );
  }
}

/** Makes the key when the first request uses it: a public key takes some µs and 400 bytes, and most keys of a large installation are seldom used. */
class LazyEntry implements KeyEntry {
  readonly application: ApplicationProjection;
  readonly schemes: ApplicationProjection["schemes"];
  readonly isSuspended: boolean;
  readonly replayProtection: ApplicationProjection["replayProtection"];
  readonly record: Pick<KeyRecord, "apiAppKey" | "state">;
  usedOn = 0;
  meantFor = 0;
  notes: object | undefined = undefined;
  /** Undefined for never: V8 keeps a number such as Infinity outside of the object. */
  readonly #retiresAt: number | undefined;
  readonly #expiresAt: number | undefined;
  readonly #source: KeyRecord | PublicKeyRecord;
  #key: VerificationKey | undefined;

  constructor(application: ApplicationProjection, source: KeyRecord | PublicKeyRecord) {
    this.application = application;
    this.schemes = application.schemes;
    this.isSuspended = application.suspended;
    this.replayProtection = application.replayProtection;
    this.#source = source;
    this.record = isPublic(source) ? { apiAppKey: source.keyId, state: "Active" } : source;
    this.#retiresAt = endOf(isPublic(source) ? source.expiresAt : source.retiresAt);
    this.#expiresAt = endOf(application.expiresAt);
  }

  get retiresAt(): number {
    return this.#retiresAt ?? Number.POSITIVE_INFINITY;
  }

  get expiresAt(): number {
    return this.#expiresAt ?? Number.POSITIVE_INFINITY;
  }

  get key(): VerificationKey {
    const source = this.#source;
    this.#key ??= isPublic(source) ? publicKey(source.publicKey) : signingKey(source.apiAppSecret.reveal());
    return this.#key;
  }
}

/** TypeScript's own check does not know lists that are readonly. */
function isList<Item>(found: Item | readonly Item[] | undefined): found is readonly Item[] {
  return Array.isArray(found);
}

function endOf(time: string | undefined): number | undefined {
  return time === undefined ? undefined : Date.parse(time);
}
