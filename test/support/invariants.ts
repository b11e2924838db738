import { FINALIZER, LABEL_CREDENTIALS } from "../../src/api/names.ts";
import { compareVersions } from "../../src/projection/versions.ts";
import type { MemoryStore, SeenWrite } from "./memoryStore.ts";

/** Watches every write of an operator for what must never happen, whatever happens. Violations are thrown at the end of the test. */
export class Invariants {
  readonly violations: string[] = [];
  readonly #store: MemoryStore;
  readonly #secrets = new Map<string, string>();
  /** Version of the projection that held the key first. */
  readonly #since = new Map<string, string>();
  readonly #owners = new Map<string, string>();

  constructor(store: MemoryStore) {
    this.#store = store;
  }

  check(write: SeenWrite): void {
    this.#keysKeepTheirSecrets();
    this.#publishedKeysAreKnown(write);
    this.#releasedMeansDropped(write);
  }

  #keysKeepTheirSecrets(): void {
    const holders = new Map<string, string>();
    for (const [name, { document, resourceVersion }] of this.#store.projections.all()) {
      if (document?.kind !== "Application") continue;
      this.#same(
        this.#owners,
        document.applicationId,
        document.uid,
        "an applicationId went to another Application",
      );
      for (const { apiAppKey, apiAppSecret } of document.keys) {
        this.#same(this.#secrets, apiAppKey, apiAppSecret.reveal(), "a key has two secrets");
        this.#same(holders, apiAppKey, name, "two Applications hold one key");
        if (!this.#since.has(apiAppKey)) this.#since.set(apiAppKey, resourceVersion);
        if (document.revokedKeys.includes(apiAppKey)) this.violations.push("a revoked key is projected");
      }
    }
  }

  #publishedKeysAreKnown({ method }: SeenWrite): void {
    if (method !== "createCredentials" && method !== "restoreCredentials") return;
    for (const [, { metadata, data }] of this.#store.secrets.all()) {
      if (metadata.labels?.[LABEL_CREDENTIALS] !== "true" || !metadata.ownerReferences) continue;
      const key = data.get("ApiAppKey")?.reveal() ?? "";
      const since = this.#since.get(key);
      const all = [...this.#store.leases.values()];
      if (since === undefined || all.some(({ applied }) => compareVersions(applied, since) < 0))
        this.violations.push("a key is published that a verifier does not know");
    }
  }

  /** An object without finalizer has no projection that a verifier may still know. */
  #releasedMeansDropped({ method, name }: SeenWrite): void {
    if (method !== "writeFinalizers") return;
    for (const [key, { metadata }] of this.#store.applications.all()) {
      if (metadata.name === name && metadata.deletionTimestamp && !metadata.finalizers?.includes(FINALIZER))
        if (this.#store.projections.truth(`application.${key.replace("/", ".")}`))
          this.violations.push("a finalizer was released before the projection was gone");
    }
  }

  #same(known: Map<string, string>, key: string, value: string, problem: string): void {
    if ((known.get(key) ?? value) !== value) this.violations.push(`${problem}: ${key}`);
    known.set(key, value);
  }
}
