import { projectionName } from "../../api/names.ts";
import type { ApplicationProjection, KeyRecord } from "../../projection/documents.ts";
import { signingKey, type VerificationKey } from "../../signing/scheme.ts";
import { byAge } from "./ownership.ts";

/** A key of an Application, ready to verify with. */
export interface KeyEntry {
  readonly application: ApplicationProjection;
  readonly record: KeyRecord;
  readonly key: VerificationKey;
  /** Epoch milliseconds from which the key is denied. */
  readonly retiresAt: number;
  /** Epoch milliseconds from which the Application is denied. */
  readonly expiresAt: number;
}

/** All Applications by their keys. An ApiAppKey that two of them have is the older one's; the other may take it once it is free. */
export class ApplicationTable {
  readonly #byKey = new Map<string, readonly KeyEntry[]>();
  readonly #documents = new Map<string, ApplicationProjection>();
  readonly #ids = new Map<string, number>();

  add(name: string, application: ApplicationProjection): void {
    this.#documents.set(name, application);
    this.#ids.set(application.applicationId, (this.#ids.get(application.applicationId) ?? 0) + 1);
    for (const record of application.keys) {
      if (application.revokedKeys.includes(record.apiAppKey)) continue;
      const entries = [...(this.#byKey.get(record.apiAppKey) ?? []), entryOf(application, record)];
      this.#byKey.set(
        record.apiAppKey,
        entries.sort((a, b) => byAge(a.application, b.application)),
      );
    }
  }

  remove(name: string): void {
    const application = this.#documents.get(name);
    if (!application) return;
    this.#documents.delete(name);
    const left = (this.#ids.get(application.applicationId) ?? 1) - 1;
    if (left > 0) this.#ids.set(application.applicationId, left);
    else this.#ids.delete(application.applicationId);
    for (const { apiAppKey } of application.keys) {
      const rest = (this.#byKey.get(apiAppKey) ?? []).filter((entry) => entry.application !== application);
      if (rest.length > 0) this.#byKey.set(apiAppKey, rest);
      else this.#byKey.delete(apiAppKey);
    }
  }

  /** The key that a caller named, unless it is retired by now (epoch milliseconds). A revoked one is not there at all. */
  key(apiAppKey: string, now: number): KeyEntry | undefined {
    const entry = this.#byKey.get(apiAppKey)?.[0];
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
}

function entryOf(application: ApplicationProjection, record: KeyRecord): KeyEntry {
  return {
    application,
    record,
    key: signingKey(record.apiAppSecret.reveal()),
    retiresAt: endOf(record.retiresAt),
    expiresAt: endOf(application.expiresAt),
  };
}

function endOf(time: string | undefined): number {
  return time === undefined ? Number.POSITIVE_INFINITY : Date.parse(time);
}
