import { StoreUnavailable } from "../store.ts";
import { AnswerTooLarge, type Connection } from "./connection.ts";
import { type RawObject, rawObject } from "./objects.ts";
import { failedWrite, statusOf } from "./status.ts";

/** What to list and watch: a collection's path, and which of its objects. */
export interface Resource {
  readonly path: string;
  readonly labelSelector?: string;
}

export interface Listed<T> {
  readonly items: readonly T[];
  /** The version of the whole list: where a watch goes on. */
  readonly version: string;
}

/** Larger pages would stop everything else for as long as they are parsed. */
const PAGE = 500;
/** A list whose next page is no longer to be had is begun anew so often. */
const ATTEMPTS = 3;

/**
 * All objects of a resource, in pages, as they are now: resourceVersion is not sent, since "0" may answer with a state
 * of the past. Throws StoreUnavailable unless every page came.
 */
export async function listAll<T>(
  connection: Connection,
  resource: Resource,
  decode: (object: RawObject) => T,
  signal?: AbortSignal,
): Promise<Listed<T>> {
  let limit = PAGE;
  for (let attempt = 1; ; attempt++) {
    try {
      return await listPages(connection, resource, decode, limit, signal);
    } catch (error) {
      if (error instanceof AnswerTooLarge && limit > 1) {
        // Somebody keeps very large objects: fewer of them at a time, or their size alone would stop every list.
        limit = Math.ceil(limit / 8);
        attempt = 0;
      } else if (!(error instanceof ContinueExpired) || attempt >= ATTEMPTS) throw error;
    }
  }
}

/** The version that the resource has now, by a consistent read of one object at most. */
export async function currentVersion(connection: Connection, resource: Resource): Promise<string> {
  return (await getPage(connection, resource, { limit: "1" })).version;
}

/** One object as it is now; undefined where there is none. Throws StoreUnavailable when that cannot be said. */
export async function readNow(connection: Connection, path: string): Promise<RawObject | undefined> {
  const answer = await connection.request("GET", path);
  if (failedWrite(answer, true)?.kind === "gone") return undefined;
  const object = answer.status === 200 ? rawObject(answer.body) : undefined;
  if (!object)
    throw new StoreUnavailable(
      `GET ${path} was answered ${answer.status} ${statusOf(answer.body).reason}`.trim(),
    );
  return object;
}

/** Nobody serves the resource, or not to us. */
export class NotServed extends StoreUnavailable {}

/** The rest of the list is no longer to be had at its version. */
class ContinueExpired extends StoreUnavailable {}

async function listPages<T>(
  connection: Connection,
  resource: Resource,
  decode: (object: RawObject) => T,
  limit: number,
  signal: AbortSignal | undefined,
): Promise<Listed<T>> {
  const items: T[] = [];
  let next = "";
  for (;;) {
    const more: Record<string, string> = next === "" ? {} : { continue: next };
    const page = await getPage(connection, resource, { limit: String(limit), ...more }, signal);
    for (const object of page.items) items.push(decode(object));
    next = page.next;
    if (next === "") return { items, version: page.version };
  }
}

async function getPage(
  connection: Connection,
  resource: Resource,
  query: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<{ readonly items: readonly RawObject[]; readonly version: string; readonly next: string }> {
  const call = { query: { ...selection(resource), ...query }, signal };
  const { status, body } = await connection.request("GET", resource.path, call);
  if (status === 410) throw new ContinueExpired(`GET ${resource.path} was answered 410`);
  if (status === 404 || status === 403)
    throw new NotServed(`GET ${resource.path} was answered ${status} ${statusOf(body).reason}`.trim());
  if (status !== 200)
    throw new StoreUnavailable(`GET ${resource.path} was answered ${status} ${statusOf(body).reason}`.trim());
  const page = pageOf(body);
  if (!page) throw new StoreUnavailable(`GET ${resource.path} was not answered with a list`);
  return page;
}

/** The part of a query that names the objects. */
export function selection({ labelSelector }: Resource): Record<string, string> {
  return labelSelector === undefined ? {} : { labelSelector };
}

function pageOf(body: unknown) {
  if (typeof body !== "object" || body === null || !("items" in body) || !("metadata" in body))
    return undefined;
  const metadata: { readonly resourceVersion?: unknown; readonly continue?: unknown } = {
    ...Object(body.metadata),
  };
  const version = metadata.resourceVersion;
  const listed: unknown = body.items ?? [];
  if (typeof version !== "string" || version === "" || !Array.isArray(listed)) return undefined;
  const items = listed.map(rawObject).filter((object) => object !== undefined);
  // An object that cannot be read makes the list incomplete, and an incomplete list would delete what it lacks.
  if (items.length !== listed.length) return undefined;
  return { items, version, next: typeof metadata.continue === "string" ? metadata.continue : "" };
}
