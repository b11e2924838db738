import { Cursor, Malformed, type Span } from "../../base/protobufCursor.ts";
import { HeaderOffsets, MAX_HEADER_LINES } from "./headerOffsets.ts";

/** CheckRequest.attributes, AttributeContext.request and its extensions, Request.http. */
const ATTRIBUTES = 1;
const REQUEST = 4;
const CONTEXT_EXTENSIONS = 10;
const HTTP = 2;

/** Fields of AttributeContext.HttpRequest. */
const FIELD = {
  id: 1,
  method: 2,
  headers: 3,
  path: 4,
  host: 5,
  protocol: 10,
  body: 11,
  rawBody: 12,
  headerMap: 13,
} as const;
const LAST_FIELD = 13;

const EMPTY = Buffer.alloc(0);

/**
 * The content of Envoy's CheckRequest, as far as a decision needs it. Holds where in the message each part is; text and bytes are cut
 * out of it when they are asked for. All text is byte strings (latin1); a missing field is "".
 */
export class CheckAttributes {
  readonly #bytes: Buffer;
  /** Start and end of each field of the HTTP request, by number; 0 where it is missing. */
  readonly #spans: readonly number[];
  /** The map shape: lower-case names, repeated lines joined by a comma, bytes that are not UTF-8 replaced by `!`. */
  readonly headers: HeaderOffsets;
  /** The raw shape: lines as received, pseudo headers among them. */
  readonly headerMap: HeaderOffsets;
  readonly contextExtensions: ReadonlyMap<string, string>;

  constructor(bytes: Buffer, contextExtensions: ReadonlyMap<string, string>, http: Span) {
    this.#bytes = bytes;
    this.contextExtensions = contextExtensions;
    this.headers = new HeaderOffsets(bytes, true);
    this.headerMap = new HeaderOffsets(bytes, false);
    this.#spans = readHttp(bytes, http, this.headers, this.headerMap);
  }

  /** The stream's id; the same on a retry of this Check. */
  get id(): string {
    return this.#text(FIELD.id);
  }

  get method(): string {
    return this.#text(FIELD.method);
  }

  get path(): string {
    return this.#text(FIELD.path);
  }

  get host(): string {
    return this.#text(FIELD.host);
  }

  get protocol(): string {
    return this.#text(FIELD.protocol);
  }

  get body(): Buffer {
    return this.#cut(FIELD.body);
  }

  get rawBody(): Buffer {
    return this.#cut(FIELD.rawBody);
  }

  /** Whether the proxy sent the raw shape, which counts where it is there: the two are never mixed. */
  get isRaw(): boolean {
    return this.headerMap.size > 0;
  }

  /** The lines of the shape that counts. */
  get lines(): HeaderOffsets {
    return this.isRaw ? this.headerMap : this.headers;
  }

  #text(field: number): string {
    const start = this.#spans[field * 2] ?? 0;
    const end = this.#spans[field * 2 + 1] ?? 0;
    return start === end ? "" : this.#bytes.toString("latin1", start, end);
  }

  #cut(field: number): Buffer {
    const start = this.#spans[field * 2] ?? 0;
    const end = this.#spans[field * 2 + 1] ?? 0;
    return start === end ? EMPTY : this.#bytes.subarray(start, end);
  }
}

/** Decodes an envoy.service.auth.v3.CheckRequest; undefined for other bytes. Total on any bytes. */
export function decodeCheckRequest(bytes: Buffer): CheckAttributes | undefined {
  try {
    const attributes = only(bytes, { start: 0, end: bytes.length }, ATTRIBUTES);
    const http = only(bytes, only(bytes, attributes, REQUEST), HTTP);
    return new CheckAttributes(bytes, readContext(bytes, attributes), http);
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

/** A nested message that must come once: a decoder that merges two of them and one that takes the last would disagree. */
function only(bytes: Buffer, message: Span, number: number): Span {
  const cursor = new Cursor(bytes, message.start, message.end);
  let found: Span | undefined;
  while (cursor.next()) {
    if (cursor.field !== number || !cursor.hasLength) continue;
    if (found) throw new Malformed(`field ${number} comes twice`);
    found = { start: cursor.start, end: cursor.end };
  }
  if (!found) throw new Malformed(`field ${number} is missing`);
  return found;
}

const NO_EXTENSIONS: ReadonlyMap<string, string> = new Map();

function readContext(bytes: Buffer, attributes: Span): ReadonlyMap<string, string> {
  const cursor = new Cursor(bytes, attributes.start, attributes.end);
  let found: HeaderOffsets | undefined;
  while (cursor.next()) {
    if (cursor.field !== CONTEXT_EXTENSIONS || !cursor.hasLength) continue;
    found ??= new HeaderOffsets(bytes, false);
    readEntry(new Cursor(bytes, cursor.start, cursor.end), found, false);
  }
  return found ? new Map(found.entries()) : NO_EXTENSIONS;
}

const NO_SPANS: readonly number[] = new Array((LAST_FIELD + 1) * 2).fill(0);

/** Fills both shapes of the headers; returns where the other fields are, each of which may come once. */
function readHttp(bytes: Buffer, http: Span, headers: HeaderOffsets, headerMap: HeaderOffsets) {
  const spans = NO_SPANS.slice();
  const cursor = new Cursor(bytes, http.start, http.end);
  const entry = new Cursor(bytes);
  while (cursor.next()) {
    const { field, start, end } = cursor;
    if (!cursor.hasLength || field > LAST_FIELD) continue;
    if (field === FIELD.headers) {
      entry.enter(start, end);
      readEntry(entry, headers, false);
    } else if (field === FIELD.headerMap) readHeaderMap(new Cursor(bytes, start, end), entry, headerMap);
    else if (spans[field * 2] !== 0) throw new Malformed("a field comes twice");
    else {
      spans[field * 2] = start;
      spans[field * 2 + 1] = end;
    }
    if (headers.size + headerMap.size > MAX_HEADER_LINES) throw new Malformed("too many headers");
  }
  return spans;
}

/** HeaderMap.headers 1, each a HeaderValue. `entry` is any cursor over the same bytes. */
function readHeaderMap(map: Cursor, entry: Cursor, into: HeaderOffsets): void {
  while (map.next()) {
    if (map.field !== 1 || !map.hasLength) continue;
    entry.enter(map.start, map.end);
    readEntry(entry, into, true);
    if (into.size > MAX_HEADER_LINES) throw new Malformed("too many headers");
  }
}

/**
 * An entry of a map (key 1, value 2), or a HeaderValue (key 1, value 2, raw_value 3), of which Envoy fills one of the two values; a
 * raw one that is not empty counts. Of a field that comes twice the last counts.
 */
function readEntry(entry: Cursor, into: HeaderOffsets, hasRaw: boolean): void {
  let keyStart = 0;
  let keyEnd = 0;
  let valueStart = 0;
  let valueEnd = 0;
  let rawStart = 0;
  let rawEnd = 0;
  while (entry.next()) {
    if (!entry.hasLength) continue;
    if (entry.field === 1) {
      keyStart = entry.start;
      keyEnd = entry.end;
    } else if (entry.field === 2) {
      valueStart = entry.start;
      valueEnd = entry.end;
    } else if (hasRaw && entry.field === 3) {
      rawStart = entry.start;
      rawEnd = entry.end;
    }
  }
  if (rawStart === rawEnd) into.add(keyStart, keyEnd, valueStart, valueEnd);
  else into.add(keyStart, keyEnd, rawStart, rawEnd);
}
