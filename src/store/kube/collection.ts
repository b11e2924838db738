import type { ObjectMeta } from "../../api/meta.ts";
import { objectKey } from "../../api/names.ts";
import { compareVersions } from "../../projection/versions.ts";
import type { Collection } from "../store.ts";
import type { Item } from "./objects.ts";

/** A write of this process that the watch may not have delivered yet. `at` orders it against the starts of lists. */
type OwnWrite<T> = { readonly at: number; readonly version: string; readonly item: Item<T> | undefined };

/**
 * The cached objects of one resource. A reflector fills it, and each completed write of this process is stored at once, so that a
 * writer reads its own writes. No object goes back to an older version, except by a list that started after every known write, as
 * after the cluster was restored from a backup.
 */
export class KubeCollection<T> implements Collection<T> {
  #items = new Map<string, Item<T>>();
  readonly #own = new Map<string, OwnWrite<T>>();
  readonly #listeners = new Set<(key: string) => void>();
  readonly #accepts: (value: T) => boolean;
  readonly #merge: (value: T, held: T) => T;
  #writes = 0;

  /**
   * Without `accepts` it holds every object. Objects that `accepts` rejects count as missing. `merge` may take over parts of the
   * object that is held into its next version.
   */
  constructor(
    accepts: (value: T) => boolean = () => true,
    merge: (value: T, held: T) => T = (value) => value,
  ) {
    this.#accepts = accepts;
    this.#merge = merge;
  }

  get size(): number {
    return this.#items.size;
  }

  get(key: string): T | undefined {
    return this.#items.get(key)?.value;
  }

  *values(): IterableIterator<T> {
    for (const { value } of this.#items.values()) yield value;
  }

  subscribe(listener: (key: string) => void): () => void {
    // A function of its own for each call, so that the same listener can be there twice.
    const entry = (key: string) => listener(key);
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  }

  /** A mark to take before a list starts, and to pass to `replace` with it. */
  mark(): number {
    return this.#writes;
  }

  /** Applies a full list: objects that are not in it are removed, unless a write of this process is newer than the list. */
  replace(items: readonly Item<T>[], version: string, mark: number): void {
    const before = this.#items;
    const ours = items.filter(({ value }) => this.#accepts(value)).map((item) => this.#merged(item));
    const next = new Map(ours.map((item) => [item.key, item]));
    for (const [key, own] of this.#own) {
      const listed = next.get(key);
      const isKnown =
        own.at <= mark || (own.item !== undefined && compareVersions(own.version, version) <= 0);
      if (isKnown || (listed && compareVersions(listed.version, own.version) > 0)) this.#own.delete(key);
      else if (own.item) next.set(key, own.item);
      else next.delete(key);
    }
    this.#items = next;
    for (const key of before.keys()) if (!next.has(key)) this.#tell(key);
    for (const [key, item] of next) {
      const old = before.get(key);
      if (old?.version !== item.version || old.uid !== item.uid) this.#tell(key);
    }
  }

  /**
   * Whether the collection holds this very version of the object, so that its event changes nothing: the usual case for writes of this
   * process, whose events then need no decoding.
   */
  isCurrent({ namespace, name, uid, resourceVersion }: ObjectMeta): boolean {
    const key = [objectKey(namespace, name), name].find((one) => this.#items.get(one)?.uid === uid);
    if (key === undefined || this.#items.get(key)?.version !== resourceVersion) return false;
    if (this.#own.get(key)?.version === resourceVersion) this.#own.delete(key);
    return true;
  }

  /** Applies an event. It is ignored if the cached object or a deletion of this process is newer. */
  upsert(item: Item<T>): void {
    if (!this.#accepts(item.value)) {
      this.remove(item.key, item.version);
      return;
    }
    const own = this.#own.get(item.key);
    if (own) {
      const order = compareVersions(item.version, own.version);
      if (order >= 0 && (own.item || order > 0)) this.#own.delete(item.key);
      else return;
    }
    this.#put(item);
  }

  /** Applies a deletion event, with the version of the deletion. */
  remove(key: string, version: string): void {
    const own = this.#own.get(key);
    if (own && compareVersions(version, own.version) >= 0) this.#own.delete(key);
    const held = this.#items.get(key);
    if (!held || compareVersions(held.version, version) > 0) return;
    this.#items.delete(key);
    this.#tell(key);
  }

  /** The server returned this object for a write of this process. */
  wrote(item: Item<T>): void {
    const held = this.#items.get(item.key);
    if (held && compareVersions(held.version, item.version) >= 0) return;
    this.#own.set(item.key, { at: ++this.#writes, version: item.version, item });
    this.#put(item);
  }

  /** This process deleted the object of that key at that version. */
  deleted(key: string, version: string): void {
    const held = this.#items.get(key);
    if (held && compareVersions(held.version, version) > 0) return;
    this.#own.set(key, { at: ++this.#writes, version, item: undefined });
    if (this.#items.delete(key)) this.#tell(key);
  }

  #put(item: Item<T>): void {
    const held = this.#items.get(item.key);
    if (held && compareVersions(held.version, item.version) >= 0) return;
    this.#items.set(item.key, this.#merged(item));
    this.#tell(item.key);
  }

  #merged(item: Item<T>): Item<T> {
    const held = this.#items.get(item.key);
    return held ? { ...item, value: this.#merge(item.value, held.value) } : item;
  }

  #tell(key: string): void {
    for (const listener of [...this.#listeners]) listener(key);
  }
}
