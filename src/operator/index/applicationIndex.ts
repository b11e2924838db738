import type { ApplicationProjection } from "../../projection/documents.ts";
import { keyIdsOf } from "../../projection/keyIds.ts";
import { MultiMap } from "./multiMap.ts";

/**
 * The Applications' documents by id, namespace, and ApiAppKey or id of a public key. A tombstone keeps its id and its keys, so that no other
 * Application gets them while a verifier may still know the old ones.
 */
export class ApplicationIndex {
  readonly #byName = new Map<string, ApplicationProjection>();
  readonly #byId = new MultiMap();
  readonly #byNamespace = new MultiMap();
  readonly #byKey = new MultiMap();
  /** The name of the projection that each value is reserved for, and the values of each projection. */
  readonly #reservedFor = new Map<string, string>();
  readonly #reserved = new Map<string, readonly string[]>();
  readonly #waiting = new MultiMap();

  set(name: string, application: ApplicationProjection): void {
    this.#byName.set(name, application);
    this.#byId.add(application.applicationId, name);
    this.#byNamespace.add(application.namespace, name);
    for (const id of keyIdsOf(application)) this.#byKey.add(id, name);
  }

  delete(name: string): void {
    const application = this.#byName.get(name);
    if (!application) return;
    this.#byName.delete(name);
    this.#byId.delete(application.applicationId, name);
    this.#byNamespace.delete(application.namespace, name);
    for (const id of keyIdsOf(application)) this.#byKey.delete(id, name);
  }

  /** The document of that projection; undefined if it is a tombstone or missing. */
  living(name: string): ApplicationProjection | undefined {
    const application = this.#byName.get(name);
    return application?.tombstone ? undefined : application;
  }

  *livingById(applicationId: string): Generator<ApplicationProjection> {
    yield* this.#living(this.#byId.get(applicationId));
  }

  *livingIn(namespace: string): Generator<ApplicationProjection> {
    yield* this.#living(this.#byNamespace.get(namespace));
  }

  /** The names of the projections that have this ApiAppKey or keyId of a public key. */
  namesWithKey(id: string): Iterable<string> {
    return this.#byKey.get(id);
  }

  /** Whether another projection has this id or ApiAppKey, or has reserved it. */
  isForeign(value: string, name: string): boolean {
    const owner = this.#reservedFor.get(value);
    if (owner !== undefined && owner !== name) return true;
    const others = [...this.#byKey.get(value), ...this.#byId.get(value)];
    return others.some((other) => other !== name);
  }

  /**
   * Reserves ids and ApiAppKeys for a projection that is about to be written, since several workers plan at a time. Returns false, and
   * reserves nothing, if another projection has one of them.
   */
  reserve(values: readonly string[], name: string): boolean {
    if (values.some((value) => this.isForeign(value, name))) return false;
    this.#reserved.set(name, [...(this.#reserved.get(name) ?? []), ...values]);
    for (const value of values) this.#reservedFor.set(value, name);
    return true;
  }

  /** Ends the projection's reservations: its write failed, or the index holds the values by now. */
  release(name: string): void {
    for (const value of this.#reserved.get(name) ?? []) this.#reservedFor.delete(value);
    this.#reserved.delete(name);
  }

  /** Records that an Application waits for an ApiAppKey of another one. */
  awaitKey(apiAppKey: string, workKey: string): void {
    this.#waiting.add(apiAppKey, workKey);
  }

  /** Returns, once, the work keys of the Applications that waited for this ApiAppKey. */
  takeWaiting(apiAppKey: string): Iterable<string> {
    return this.#waiting.take(apiAppKey);
  }

  *#living(names: Iterable<string>): Generator<ApplicationProjection> {
    for (const name of names) {
      const application = this.living(name);
      if (application) yield application;
    }
  }
}
