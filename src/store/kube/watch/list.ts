import { setImmediate as immediate } from "node:timers/promises";
import { StoreUnavailable } from "../../store.ts";
import { failedWrite, statusOf } from "../apiStatus.ts";
import { AnswerTooLarge, type Call, type Connection } from "../connection.ts";
import { type RawObject, rawObject } from "../objects.ts";

/** What to list and watch: a collection's path, and which of its objects. */
export interface Resource {
  readonly path: string;
  readonly labelSelector?: string;
}

export interface Listed<T> {
  readonly items: readonly T[];
  /** The version of the list, from which a watch continues. */
  readonly version: string;
}

/** An encoding of lists, with what is read of their items. */
export interface ListFormat<Item> {
  /** The Accept header; missing: JSON. */
  readonly accept?: string;
  /** How many objects a page may have. */
  readonly pageSize: number;
  /** The continue token at the beginning of a list's bytes; "" if it is not there, or no page follows. */
  readonly token: (body: Buffer) => string;
  /**
   * Reads a response: of JSON its value, of another encoding its bytes. Undefined if it is no list. An item that cannot be read makes
   * the list incomplete, and an incomplete list would delete the missing objects: for one, it returns undefined too, or the items throw
   * StoreUnavailable.
   */
  readonly page: (body: unknown) => Page<Item> | undefined;
  /** The reason of a Status; "" for none. */
  readonly reason: (body: unknown) => string;
}

/** Lists of whole objects. */
export const JSON_LIST: ListFormat<RawObject> = {
  // Larger pages would block the event loop while they are parsed.
  pageSize: 500,
  token: tokenIn,
  page: pageOf,
  reason: (body) => statusOf(body).reason,
};

/** After so many items are decoded, the event loop turns. */
const SLICE = 200;
/** How often a list restarts if the continue token of its next page has expired. */
const ATTEMPTS = 3;

/**
 * Lists all objects of a resource consistently, in pages: resourceVersion is not sent, since "0" may return a stale state. Throws
 * StoreUnavailable unless every page was read.
 */
export function listAll<T>(
  connection: Connection,
  resource: Resource,
  decode: (object: RawObject) => T,
  signal?: AbortSignal,
): Promise<Listed<T>> {
  return listAllAs(JSON_LIST, connection, resource, decode, signal);
}

/** The same in another encoding. */
export async function listAllAs<Item, T>(
  format: ListFormat<Item>,
  connection: Connection,
  resource: Resource,
  decode: (item: Item) => T,
  signal?: AbortSignal,
): Promise<Listed<T>> {
  let limit = format.pageSize;
  for (let attempt = 1; ; attempt++) {
    try {
      return await listPages(format, connection, resource, decode, limit, signal);
    } catch (error) {
      if (error instanceof AnswerTooLarge && limit > 1) {
        // The objects are very large: smaller pages, or the size limit would fail every list.
        limit = Math.ceil(limit / 8);
        attempt = 0;
      } else if (!(error instanceof ContinueExpired) || attempt >= ATTEMPTS) throw error;
    }
  }
}

/** The present version of the resource, by a consistent list of at most one object. */
export async function currentVersion(connection: Connection, resource: Resource): Promise<string> {
  return (await getPage(JSON_LIST, connection, resource, { limit: "1" })).version;
}

/** A consistent read of one object; undefined if it does not exist. Throws StoreUnavailable if that is unknown. */
export async function readNow(connection: Connection, path: string): Promise<RawObject | undefined> {
  const answer = await connection.request("GET", path);
  if (failedWrite(answer, true)?.kind === "gone") return undefined;
  const object = answer.status === 200 ? rawObject(answer.body) : undefined;
  if (!object)
    throw new StoreUnavailable(
      `GET ${path} returned ${answer.status} ${statusOf(answer.body).reason}`.trim(),
    );
  return object;
}

/** The resource is not served, or this client may not list it. */
export class NotServed extends StoreUnavailable {}

/** The continue token has expired: the rest of the list is not available at its version. */
class ContinueExpired extends StoreUnavailable {}

export interface Page<Item> {
  readonly items: Iterable<Item>;
  readonly version: string;
  /** The continue token of the next page; "" for none. */
  readonly next: string;
}

async function listPages<Item, T>(
  format: ListFormat<Item>,
  connection: Connection,
  resource: Resource,
  decode: (item: Item) => T,
  limit: number,
  signal: AbortSignal | undefined,
): Promise<Listed<T>> {
  const items: T[] = [];
  let ahead: { readonly token: string; readonly page: Promise<Page<Item>> } | undefined;
  let isOver = false;
  const get = (query: Readonly<Record<string, string>>, sent?: () => void): Promise<Page<Item>> => {
    // The API server makes the next page while this one is parsed and decoded. Never more than one is ahead: both happen at once.
    const arrived = (body: Buffer) => {
      const token = isOver ? "" : format.token(body);
      if (token === "") return undefined;
      const { promise, resolve } = Promise.withResolvers<void>();
      const page = get({ continue: token }, resolve);
      ahead = { token, page };
      page.then(() => resolve(), resolve);
      return promise;
    };
    const pages = { limit: String(limit), ...query };
    const page = getPage(format, connection, resource, pages, { signal, arrived, ...(sent && { sent }) });
    // It is awaited below, unless an earlier page fails.
    page.catch(() => {});
    return page;
  };
  try {
    let page = await get({});
    for (;;) {
      const { next } = page;
      const nextPage = ahead?.token === next || next === "" ? ahead?.page : get({ continue: next });
      for (const item of page.items) {
        items.push(decode(item));
        if (items.length % SLICE === 0) await immediate();
      }
      if (next === "" || !nextPage) return { items, version: page.version };
      page = await nextPage;
    }
  } finally {
    isOver = true;
  }
}

/** The API server writes the metadata of a list of built-in objects first. Of custom resources it writes the items first. */
const HEAD_BYTES = 2_048;

/** The continue token at the beginning of a list; "" if the items come first, or no page follows. */
export function tokenIn(list: Buffer): string {
  const head = list.toString("latin1", 0, HEAD_BYTES);
  const beforeItems = head.slice(0, Math.max(0, head.indexOf('"items":')));
  return /"continue":"([\w=-]+)"/.exec(beforeItems)?.[1] ?? "";
}

async function getPage<Item>(
  format: ListFormat<Item>,
  connection: Connection,
  resource: Resource,
  query: Readonly<Record<string, string>>,
  options: Pick<Call, "signal" | "arrived" | "sent"> = {},
): Promise<Page<Item>> {
  const accept = format.accept === undefined ? {} : { accept: format.accept };
  const call = { ...options, ...accept, query: { ...selection(resource), ...query } };
  const { status, body } = await connection.request("GET", resource.path, call);
  if (status === 410) throw new ContinueExpired(`GET ${resource.path} returned 410`);
  if (status === 404 || status === 403)
    throw new NotServed(`GET ${resource.path} returned ${status} ${format.reason(body)}`.trim());
  if (status !== 200)
    throw new StoreUnavailable(`GET ${resource.path} returned ${status} ${format.reason(body)}`.trim());
  const page = format.page(body);
  if (!page) throw new StoreUnavailable(`GET ${resource.path} returned no list`);
  return page;
}

/** The query parameters that select the objects. */
export function selection({ labelSelector }: Resource): Record<string, string> {
  return labelSelector === undefined ? {} : { labelSelector };
}

function pageOf(body: unknown): Page<RawObject> | undefined {
  if (typeof body !== "object" || body === null || !("items" in body) || !("metadata" in body))
    return undefined;
  const metadata: { readonly resourceVersion?: unknown; readonly continue?: unknown } = {
    ...Object(body.metadata),
  };
  const version = metadata.resourceVersion;
  const listed: unknown = body.items ?? [];
  if (typeof version !== "string" || version === "" || !Array.isArray(listed)) return undefined;
  const items = listed.map(rawObject).filter((object) => object !== undefined);
  // An object that cannot be read makes the list incomplete, and an incomplete list would delete the missing objects.
  if (items.length !== listed.length) return undefined;
  return { items, version, next: typeof metadata.continue === "string" ? metadata.continue : "" };
}
