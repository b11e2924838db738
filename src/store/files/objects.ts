import { isDeepStrictEqual } from "node:util";
import type { ApiDomain } from "../../api/apiDomain.ts";
import type { ApiGrant } from "../../api/apiGrant.ts";
import type { Application } from "../../api/application.ts";
import type { ObjectMeta } from "../../api/meta.ts";
import { API_VERSION, objectKey } from "../../api/names.ts";
import { KINDS, type Kind } from "../../api/vocabulary.ts";
import { isRecord, parseJson } from "../../base/json.ts";
import { oneCopy } from "../../base/oneCopy.ts";
import { timestamp } from "../../base/timestamp.ts";
import type { ObjectRef, WriteOutcome } from "../store.ts";
import { FilesCollection } from "./collection.ts";
import { CompactObjects, type KubeObject } from "./compactObjects.ts";
import { type Declared, idOf } from "./declared.ts";
import { type StateDirectory, StateDirectoryProblem } from "./state/stateDirectory.ts";
import { newUid, type Versions } from "./versions.ts";

/** An object as the state directory keeps it, with the file that declared it. */
type Kept = KubeObject & { readonly file: string };

export interface ObjectTableParts {
  readonly state: StateDirectory;
  readonly versions: Versions;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Called after an object was deleted; its dependents are deleted too. */
  readonly onGone: (object: { readonly kind: Kind; readonly metadata: ObjectMeta }) => void;
}

/** The objects of the three kinds with the fields that an API server would add: UID, version, generation, finalizers, status. */
export class ObjectTable {
  readonly applications = new FilesCollection<Application>();
  readonly grants = new FilesCollection<ApiGrant>();
  readonly domains = new FilesCollection<ApiDomain>();
  /** By `Kind namespace/name`. */
  readonly #files = new Map<string, string>();
  readonly #compact = new CompactObjects();
  readonly #parts: ObjectTableParts;

  constructor(parts: ObjectTableParts) {
    this.#parts = parts;
  }

  /** Loads the objects that an earlier process stored. */
  load(): void {
    const { state, versions } = this.#parts;
    for (const [name, text] of state.records("objects")) {
      const object = parseKept(text);
      if (!object)
        throw new StateDirectoryProblem(
          `the record of ${name} in ${state.path} cannot be read: restore the state directory from a backup`,
        );
      versions.seen(object.metadata.resourceVersion);
      this.#files.set(oneCopy(keyOf(object)), oneCopy(object.file));
      this.#collection(object.kind).put(collectionKey(object), this.#compact.of(object));
    }
  }

  /** All objects as declarations: the state in effect when the last process ended. */
  *declared(): IterableIterator<[string, Declared]> {
    for (const kind of KINDS) {
      for (const object of this.#collection(kind).values()) {
        const { name, namespace = "", labels = {}, annotations = {}, deletionTimestamp } = object.metadata;
        if (deletionTimestamp !== undefined) continue;
        const file = this.#files.get(keyOf(object)) ?? "";
        const declared = { kind, namespace, name, labels, annotations, spec: object.spec, file, line: 1 };
        yield [idOf(kind, namespace, name), declared];
      }
    }
  }

  get(kind: Kind, key: string): KubeObject | undefined {
    return this.#collection(kind).get(key);
  }

  /** The object that transition rules compare with; undefined for one that is being deleted. */
  old(id: string): KubeObject | undefined {
    const [kind = "", key = ""] = id.split(" ");
    if (!(KINDS as readonly string[]).includes(kind)) return undefined;
    const object = this.#collection(kind as Kind).get(key);
    return object?.metadata.deletionTimestamp === undefined ? object : undefined;
  }

  /** Creates and updates objects as declared, and starts to delete undeclared ones. Returns whether a deletion is still in progress. */
  take(declared: ReadonlyMap<string, Declared>): boolean {
    let isDying = false;
    for (const kind of KINDS) {
      for (const object of [...this.#collection(kind).values()]) {
        const { namespace = "", name, deletionTimestamp } = object.metadata;
        if (deletionTimestamp !== undefined) isDying = true;
        else if (!declared.has(idOf(kind, namespace, name))) {
          this.#beginDeletion(object);
          isDying = true;
        }
      }
    }
    for (const one of declared.values()) if (isOurs(one.kind)) this.#apply(one.kind, one);
    return isDying;
  }

  write(ref: ObjectRef, resourceVersion: string, change: (old: KubeObject) => KubeObject): WriteOutcome {
    if (ref.kind === "Secret")
      throw new TypeError("Secrets have neither finalizers nor a status of Countersign");
    const old = this.#collection(ref.kind).get(objectKey(ref.namespace, ref.name));
    if (!old) return { kind: "gone" };
    if (old.metadata.uid !== ref.uid || old.metadata.resourceVersion !== resourceVersion)
      return { kind: "conflict" };
    const changed = change(old);
    if (gainsFinalizer(old.metadata, changed.metadata))
      return { kind: "refused", message: "no new finalizers can be added if the object is being deleted" };
    const version = this.#parts.versions.next();
    if (changed.metadata.deletionTimestamp && (changed.metadata.finalizers ?? []).length === 0)
      this.#remove(changed);
    else this.#put({ ...changed, metadata: { ...changed.metadata, resourceVersion: version } });
    return { kind: "written", resourceVersion: version };
  }

  #apply(kind: Kind, { namespace, name, labels, annotations, spec, file }: Declared): void {
    const old = this.#collection(kind).get(objectKey(namespace, name));
    if (old?.metadata.deletionTimestamp !== undefined) return;
    const isSpecKept = old !== undefined && isDeepStrictEqual(old.spec, spec);
    const isKept =
      isSpecKept &&
      isDeepStrictEqual(old.metadata.labels ?? {}, labels) &&
      isDeepStrictEqual(old.metadata.annotations ?? {}, annotations);
    const id = idOf(kind, namespace, name);
    if (isKept && this.#files.get(id) === file) {
      this.#share(old, spec);
      return;
    }
    this.#files.set(oneCopy(id), file);
    const metadata: ObjectMeta = {
      ...(old?.metadata ?? this.#newMeta(namespace, name)),
      labels,
      annotations,
      generation: (old?.metadata.generation ?? 0) + (isSpecKept ? 0 : 1),
      resourceVersion: this.#parts.versions.next(),
    };
    const status = old?.status ? { status: old.status } : {};
    this.#put({ apiVersion: API_VERSION, kind, metadata, spec, ...status } as KubeObject);
  }

  /** The spec of the declaration and that of the object, which are equal, become one. This is no change. */
  #share(object: KubeObject, spec: unknown): void {
    if (object.spec === spec) return;
    this.#collection(object.kind).swap(collectionKey(object), { ...object, spec } as KubeObject);
  }

  #newMeta(namespace: string, name: string): ObjectMeta {
    return {
      name,
      ...(namespace === "" ? {} : { namespace }),
      uid: newUid(),
      resourceVersion: "0",
      creationTimestamp: this.#time(),
    };
  }

  #beginDeletion(object: KubeObject): void {
    if ((object.metadata.finalizers ?? []).length === 0) {
      this.#remove(object);
      return;
    }
    const resourceVersion = this.#parts.versions.next();
    const metadata = { ...object.metadata, deletionTimestamp: this.#time(), resourceVersion };
    this.#put({ ...object, metadata } as KubeObject);
  }

  #put(object: KubeObject): void {
    const kept = { ...object, file: this.#files.get(keyOf(object)) ?? "" };
    this.#parts.state.write(recordOf(object), JSON.stringify(kept));
    this.#collection(object.kind).put(collectionKey(object), this.#compact.of(object));
  }

  #remove(object: KubeObject): void {
    this.#parts.state.remove(recordOf(object));
    this.#files.delete(keyOf(object));
    this.#collection(object.kind).put(collectionKey(object), undefined);
    this.#parts.onGone(object);
  }

  #collection(kind: Kind): FilesCollection<KubeObject> {
    const collections = { Application: this.applications, ApiGrant: this.grants, ApiDomain: this.domains };
    return collections[kind] as FilesCollection<KubeObject>;
  }

  #time(): string {
    return timestamp(this.#parts.now());
  }
}

function isOurs(kind: string): kind is Kind {
  return (KINDS as readonly string[]).includes(kind);
}

function collectionKey({ metadata }: KubeObject): string {
  return objectKey(metadata.namespace, metadata.name);
}

function keyOf({ kind, metadata }: KubeObject): string {
  return idOf(kind, metadata.namespace ?? "", metadata.name);
}

function recordOf({ kind, metadata }: KubeObject): string {
  return `objects/${kind}/${metadata.namespace ?? "_"}/${metadata.name}`;
}

/** Whether the write adds a finalizer to an object that is being deleted. An API server refuses that too. */
function gainsFinalizer(before: ObjectMeta, after: ObjectMeta): boolean {
  if (before.deletionTimestamp === undefined) return false;
  return (after.finalizers ?? []).some((one) => !before.finalizers?.includes(one));
}

function parseKept(text: string): Kept | undefined {
  const value = parseJson(text);
  const isWhole =
    isRecord(value) && isOurs(String(value.kind)) && isRecord(value.metadata) && isRecord(value.spec);
  return isWhole ? (value as unknown as Kept) : undefined;
}
