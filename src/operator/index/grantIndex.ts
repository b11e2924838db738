import { objectKey } from "../../api/names.ts";
import { GrantEntry } from "../../policy/index/grantEntry.ts";
import type { ApiGrantProjection, ApplicationProjection } from "../../projection/documents.ts";
import { MultiMap } from "./multiMap.ts";

/** The grants' documents by the Applications that they name or select. */
export class GrantIndex {
  readonly #entries = new Map<string, GrantEntry>();
  /** By applicationId, and by `namespace/name`. */
  readonly #byCaller = new MultiMap();
  readonly #withSelectors = new MultiMap();

  set(name: string, document: ApiGrantProjection): void {
    const entry = new GrantEntry(document);
    this.#entries.set(name, entry);
    for (const caller of callersOf(entry)) this.#byCaller.add(caller, name);
    if (entry.hasSelectors) this.#withSelectors.add(document.namespace, name);
  }

  delete(name: string): void {
    const entry = this.#entries.get(name);
    if (!entry) return;
    this.#entries.delete(name);
    for (const caller of callersOf(entry)) this.#byCaller.delete(caller, name);
    this.#withSelectors.delete(entry.document.namespace, name);
  }

  entries(): IterableIterator<GrantEntry> {
    return this.#entries.values();
  }

  /** The grants that are meant for an Application, whatever the time. */
  *meantFor(application: ApplicationProjection): Generator<GrantEntry> {
    for (const entry of this.candidatesFor(application)) if (entry.isMeantFor(application)) yield entry;
  }

  /** The grants that name the Application, and those that select in its namespace, matching or not. */
  *candidatesFor({ applicationId, namespace, name }: ApplicationProjection): Generator<GrantEntry> {
    const names = new Set([
      ...this.#byCaller.get(applicationId),
      ...this.#byCaller.get(objectKey(namespace, name)),
      ...this.#withSelectors.get(namespace),
    ]);
    for (const one of names) {
      const entry = this.#entries.get(one);
      if (entry) yield entry;
    }
  }
}

function callersOf({ ids, names, document }: GrantEntry): readonly string[] {
  return [...ids.keys(), ...[...names].map((name) => objectKey(document.namespace, name))];
}
