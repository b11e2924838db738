import { Cursor, Malformed } from "../../base/protobufCursor.ts";
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

  /** `http` stands at the HTTP request's start. */
  constructor(bytes: Buffer, contextExtensions: ReadonlyMap<string, string>, http: Cursor) {
    this.#bytes = bytes;
    this.contextExtensions = contextExtensions;
    this.headers = new HeaderOffsets(bytes, true);
    this.headerMap = new HeaderOffsets(bytes, false);
    this.#spans = readHttp(http, this.headers, this.headerMap);
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

/** Messages are decoded one after the other, so these serve for all: most of them are small, and three objects are much for one. */
const outer = new Cursor(EMPTY);
const map = new Cursor(EMPTY);
const entry = new Cursor(EMPTY);

/** Decodes an envoy.service.auth.v3.CheckRequest; undefined for other bytes. Total on any bytes. */
export function decodeCheckRequest(bytes: Buffer): CheckAttributes | undefined {
  try {
    readAll(bytes);
    findOnly(ATTRIBUTES);
    const { start, end } = outer;
    const extensions = readContext(bytes);
    outer.enter(start, end);
    findOnly(REQUEST);
    findOnly(HTTP);
    return new CheckAttributes(bytes, extensions, outer);
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  } finally {
    // A large message must not stay in memory until the next one comes.
    readAll(EMPTY);
  }
}

function readAll(bytes: Buffer): void {
  outer.read(bytes);
  map.read(bytes);
  entry.read(bytes);
}

/** Enters a nested message that must come once: a decoder that merges two of them and one that takes the last would disagree. */
function findOnly(number: number): void {
  let start = 0;
  let end = 0;
  while (outer.next()) {
    if (outer.field !== number || !outer.hasLength) continue;
    // No message begins at 0: its tag stands before it.
    if (start !== 0) throw new Malformed(`field ${number} comes twice`);
    start = outer.start;
    end = outer.end;
  }
  if (start === 0) throw new Malformed(`field ${number} is missing`);
  outer.start = start;
  outer.end = end;
  outer.enter(start, end);
}

const NO_EXTENSIONS: ReadonlyMap<string, string> = new Map();

/** Of the attributes, at whose start `outer` stands. */
function readContext(bytes: Buffer): ReadonlyMap<string, string> {
  let found: HeaderOffsets | undefined;
  while (outer.next()) {
    if (outer.field !== CONTEXT_EXTENSIONS || !outer.hasLength) continue;
    found ??= new HeaderOffsets(bytes, false);
    entry.enter(outer.start, outer.end);
    readEntry(found, false);
  }
  return found ? new Map(found.entries()) : NO_EXTENSIONS;
}

const NO_SPANS: readonly number[] = new Array((LAST_FIELD + 1) * 2).fill(0);

/** Fills both shapes of the headers; returns where the other fields are, each of which may come once. */
function readHttp(http: Cursor, headers: HeaderOffsets, headerMap: HeaderOffsets): readonly number[] {
  const spans = NO_SPANS.slice();
  while (http.next()) {
    const { field, start, end } = http;
    if (!http.hasLength || field > LAST_FIELD) continue;
    if (field === FIELD.headers) {
      entry.enter(start, end);
      readEntry(headers, false);
    } else if (field === FIELD.headerMap) {
      map.enter(start, end);
      readHeaderMap(headerMap);
    } else if (spans[field * 2] !== 0) throw new Malformed("a field comes twice");
    else {
      spans[field * 2] = start;
      spans[field * 2 + 1] = end;
    }
    if (headers.size + headerMap.size > MAX_HEADER_LINES) throw new Malformed("too many headers");
  }
  return spans;
}

/** HeaderMap.headers 1, each a HeaderValue; of what `map` stands at. */
function readHeaderMap(into: HeaderOffsets): void {
  while (map.next()) {
    if (map.field !== 1 || !map.hasLength) continue;
    entry.enter(map.start, map.end);
    readEntry(into, true);
    if (into.size > MAX_HEADER_LINES) throw new Malformed("too many headers");
  }
}

/**
 * An entry of a map (key 1, value 2), or a HeaderValue (key 1, value 2, raw_value 3), of which Envoy fills one of the two values; a
 * raw one that is not empty counts. Of a field that comes twice the last counts.
 */
function readEntry(into: HeaderOffsets, hasRaw: boolean): void {
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
