import { projectionName } from "../../api/names.ts";
import type { ApplicationProjection, KeyRecord } from "../../projection/documents.ts";
import { signingKey, type VerificationKey } from "../../signing/scheme.ts";
import { byAge } from "./ownership.ts";

/** A key of an Application, ready to verify with. */
export class KeyEntry {
  readonly application: ApplicationProjection;
  readonly record: KeyRecord;
  /** Epoch milliseconds from which the key is denied. */
  readonly retiresAt: number;
  /** Epoch milliseconds from which the Application is denied. */
  readonly expiresAt: number;
  #key: VerificationKey | undefined;

  constructor(application: ApplicationProjection, record: KeyRecord) {
    this.application = application;
    this.record = record;
    this.retiresAt = endOf(record.retiresAt);
    this.expiresAt = endOf(application.expiresAt);
  }

  /** Made when the first request uses it: it takes 3 µs and 400 bytes, and most keys of a large installation are seldom used. */
  get key(): VerificationKey {
    this.#key ??= signingKey(this.record.apiAppSecret.reveal());
    return this.#key;
  }
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
    for (const record of application.keys) {
      if (application.revokedKeys.includes(record.apiAppKey)) continue;
      this.#put(record.apiAppKey, [...this.#entriesOf(record.apiAppKey), new KeyEntry(application, record)]);
    }
  }

  remove(name: string): void {
    const application = this.#documents.get(name);
    if (!application) return;
    this.#documents.delete(name);
    const left = (this.#ids.get(application.applicationId) ?? 1) - 1;
    if (left > 0) this.#ids.set(application.applicationId, left);
    else this.#ids.delete(application.applicationId);
    for (const { apiAppKey } of application.keys)
      this.#put(
        apiAppKey,
        this.#entriesOf(apiAppKey).filter((entry) => entry.application !== application),
      );
  }

  /** The key that a caller named, unless it is retired by now (epoch milliseconds). A revoked one is not there at all. */
  key(apiAppKey: string, now: number): KeyEntry | undefined {
    const found = this.#byKey.get(apiAppKey);
    const entry = found instanceof KeyEntry ? found : found?.[0];
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
    return found instanceof KeyEntry ? [found] : found;
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

function endOf(time: string | undefined): number {
  return time === undefined ? Number.POSITIVE_INFINITY : Date.parse(time);
}
