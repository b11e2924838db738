import { isDeepStrictEqual } from "node:util";
import type { ObjectMeta } from "../../api/meta.ts";
import { EPOCH } from "../../base/timestamp.ts";
import type { NamespaceObject } from "../store.ts";
import { FilesCollection } from "./collection.ts";
import type { Declared } from "./declared.ts";
import type { Versions } from "./versions.ts";

/** Namespaces: each that an object names exists; Namespace objects give them labels. */
export class NamespaceTable {
  readonly collection = new FilesCollection<NamespaceObject>();
  readonly #versions: Versions;

  constructor(versions: Versions) {
    this.#versions = versions;
  }

  take(declared: ReadonlyMap<string, Declared>, objects: Iterable<{ readonly metadata: ObjectMeta }>): void {
    const labels = new Map<string, Readonly<Record<string, string>>>();
    for (const { metadata } of objects) if (metadata.namespace) labels.set(metadata.namespace, {});
    for (const { namespace } of declared.values()) if (namespace !== "") labels.set(namespace, {});
    for (const one of declared.values()) if (one.kind === "Namespace") labels.set(one.name, one.labels);
    for (const name of [...this.collection.keys()])
      if (!labels.has(name)) this.collection.put(name, undefined);
    for (const [name, own] of labels) this.#put(name, { "kubernetes.io/metadata.name": name, ...own });
  }

  #put(name: string, labels: Readonly<Record<string, string>>): void {
    const old = this.collection.get(name);
    if (old && isDeepStrictEqual(old.metadata.labels, labels)) return;
    const metadata = {
      name,
      uid: `namespace-${name}`,
      resourceVersion: this.#versions.next(),
      creationTimestamp: EPOCH,
      labels,
    };
    this.collection.put(name, { metadata });
  }
}
