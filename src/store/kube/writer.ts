import { StoreUnavailable, type WriteOutcome } from "../store.ts";
import { failedWrite } from "./apiStatus.ts";
import type { KubeCollection } from "./collection.ts";
import type { Connection, Method } from "./connection.ts";
import { type Decode, rawObject } from "./objects.ts";

/** The field manager of this operator's writes. */
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

/** Writes to one resource. Each completed write is in the collection before its outcome is returned. */
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

  /** Deletes the object if it is still at that version. The outcome has the version of the object, since the API server does not return that of the deletion. */
  async delete({ path, key, uid, resourceVersion }: Deletion): Promise<WriteOutcome> {
    const preconditions = { resourceVersion, ...(uid === undefined ? {} : { uid }) };
    const body = { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: "Background", preconditions };
    const answer = await this.#connection.request("DELETE", path, { body });
    const failed = failedWrite(answer, this.#holdsSecrets);
    if (failed) return failed;
    // An object with a finalizer stays for now, and is returned instead of a Status.
    if (rawObject(answer.body)?.metadata.deletionTimestamp !== undefined) return this.#note(answer.body);
    this.#collection.deleted(key, resourceVersion);
    return { kind: "written", resourceVersion };
  }

  #note(body: unknown): WriteOutcome {
    const object = rawObject(body);
    if (!object) throw new StoreUnavailable("the response to a write has no object");
    const { deletionTimestamp, finalizers = [] } = object.metadata;
    const item = this.#decode(object);
    // The removal of the last finalizer deletes the object, although the response still has it.
    if (deletionTimestamp !== undefined && finalizers.length === 0)
      this.#collection.deleted(item.key, item.version);
    else this.#collection.wrote(item);
    return { kind: "written", resourceVersion: item.version };
  }
}
