import { StoreUnavailable, type WriteOutcome } from "../store.ts";
import type { KubeCollection } from "./collection.ts";
import type { Connection, Method } from "./connection.ts";
import { type Decode, rawObject } from "./objects.ts";
import { failedWrite } from "./status.ts";

/** The name under which the API server keeps what this operator wrote. */
const FIELD_MANAGER = "countersign-operator";

export const MERGE_PATCH = "application/merge-patch+json";
export const APPLY_PATCH = "application/apply-patch+yaml";

export interface Write {
  readonly method: Exclude<Method, "GET" | "DELETE">;
  readonly path: string;
  readonly body: object;
  readonly contentType?: string;
  readonly query?: Readonly<Record<string, string>>;
}

export interface Deletion {
  readonly path: string;
  /** The key in the collection. */
  readonly key: string;
  readonly uid?: string;
  readonly resourceVersion: string;
}

/** Writes to one resource; each answered write is in the collection before its outcome is told. */
export class Writer<T> {
  readonly #connection: Connection;
  readonly #collection: KubeCollection<T>;
  readonly #decode: Decode<T>;
  readonly #holdsSecrets: boolean;

  constructor(
    connection: Connection,
    collection: KubeCollection<T>,
    decode: Decode<T>,
    options: { readonly holdsSecrets: boolean },
  ) {
    this.#connection = connection;
    this.#collection = collection;
    this.#decode = decode;
    this.#holdsSecrets = options.holdsSecrets;
  }

  async write({ method, path, body, contentType, query }: Write): Promise<WriteOutcome> {
    const answer = await this.#connection.request(method, path, {
      query: { fieldManager: FIELD_MANAGER, ...query },
      body,
      ...(contentType === undefined ? {} : { contentType }),
    });
    return failedWrite(answer, this.#holdsSecrets) ?? this.#note(answer.body);
  }

  /** Deletes the object if it still is at that version. The version of the deletion is not told: the outcome has that of the object. */
  async delete({ path, key, uid, resourceVersion }: Deletion): Promise<WriteOutcome> {
    const preconditions = { resourceVersion, ...(uid === undefined ? {} : { uid }) };
    const body = { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: "Background", preconditions };
    const answer = await this.#connection.request("DELETE", path, { body });
    const failed = failedWrite(answer, this.#holdsSecrets);
    if (failed) return failed;
    // With a finalizer of somebody's the object stays for now, and is answered instead of a Status.
    if (rawObject(answer.body)?.metadata.deletionTimestamp !== undefined) return this.#note(answer.body);
    this.#collection.deleted(key, resourceVersion);
    return { kind: "written", resourceVersion };
  }

  #note(body: unknown): WriteOutcome {
    const object = rawObject(body);
    if (!object) throw new StoreUnavailable("a write was not answered with the object");
    const { deletionTimestamp, finalizers = [] } = object.metadata;
    const item = this.#decode(object);
    // The last finalizer's removal deletes the object, though it is answered once more.
    if (deletionTimestamp !== undefined && finalizers.length === 0)
      this.#collection.deleted(item.key, item.version);
    else this.#collection.wrote(item);
    return { kind: "written", resourceVersion: item.version };
  }
}
