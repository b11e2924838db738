import type { ApplicationProjection } from "../../projection/documents.ts";
import { MultiMap } from "./multiMap.ts";

/**
 * The Applications' documents by id, namespace and ApiAppKey. A tombstone keeps its id and its keys, so that no other
 * Application gets them while a verifier may still know the old ones.
 */
export class ApplicationIndex {
  readonly #byName = new Map<string, ApplicationProjection>();
  readonly #byId = new MultiMap();
  readonly #byNamespace = new MultiMap();
  readonly #byKey = new MultiMap();
  readonly #claims = new Map<string, string>();
  readonly #claimed = new Map<string, readonly string[]>();
  readonly #waiting = new MultiMap();

  set(name: string, application: ApplicationProjection): void {
    this.#byName.set(name, application);
    this.#byId.add(application.applicationId, name);
    this.#byNamespace.add(application.namespace, name);
    for (const { apiAppKey } of application.keys) this.#byKey.add(apiAppKey, name);
  }

  delete(name: string): void {
    const application = this.#byName.get(name);
    if (!application) return;
    this.#byName.delete(name);
    this.#byId.delete(application.applicationId, name);
    this.#byNamespace.delete(application.namespace, name);
    for (const { apiAppKey } of application.keys) this.#byKey.delete(apiAppKey, name);
  }

  /** The living Application of that projection name. */
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

  /** Whether a key or an id (as a word) belongs to a projection of another name, or is just being given to one. */
  isForeign(word: string, name: string): boolean {
    const claim = this.#claims.get(word);
    if (claim !== undefined && claim !== name) return true;
    const others = [...this.#byKey.get(word), ...this.#byId.get(word)];
    return others.some((other) => other !== name);
  }

  /** Reserves words for a projection that is about to be written; false when one of them is another's. */
  claim(words: readonly string[], name: string): boolean {
    if (words.some((word) => this.isForeign(word, name))) return false;
    this.#claimed.set(name, [...(this.#claimed.get(name) ?? []), ...words]);
    for (const word of words) this.#claims.set(word, name);
    return true;
  }

  /** Ends the reservations of a projection: its write failed, or it is seen to hold the words itself. */
  release(name: string): void {
    for (const word of this.#claimed.get(name) ?? []) this.#claims.delete(word);
    this.#claimed.delete(name);
  }

  /** Remembers who wants a key that another one has. */
  awaitKey(apiAppKey: string, workKey: string): void {
    this.#waiting.add(apiAppKey, workKey);
  }

  /** Who wanted a key that became free. */
  takeWaiting(apiAppKey: string): ReadonlySet<string> {
    return this.#waiting.take(apiAppKey);
  }

  *#living(names: ReadonlySet<string>): Generator<ApplicationProjection> {
    for (const name of names) {
      const application = this.living(name);
      if (application) yield application;
    }
  }
}
