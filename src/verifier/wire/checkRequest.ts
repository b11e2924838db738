import { Cursor, Malformed, type Span } from "./cursor.ts";
import { HeaderOffsets, type LineSpan, MAX_HEADER_LINES } from "./headerOffsets.ts";

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
 * What Envoy's CheckRequest says, as far as a decision needs it. Holds where in the message each part is; text and bytes are cut
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

/** Decodes an envoy.service.auth.v3.CheckRequest; undefined for bytes that are none. Total on any bytes. */
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
  let found: Map<string, string> | undefined;
  while (cursor.next()) {
    if (cursor.field !== CONTEXT_EXTENSIONS || !cursor.hasLength) continue;
    const { keyStart, keyEnd, valueStart, valueEnd } = readEntry(bytes, cursor, 2);
    found ??= new Map();
    found.set(bytes.toString("latin1", keyStart, keyEnd), bytes.toString("latin1", valueStart, valueEnd));
  }
  return found ?? NO_EXTENSIONS;
}

/** Fills both shapes of the headers; returns where the other fields are, each of which may come once. */
function readHttp(bytes: Buffer, http: Span, headers: HeaderOffsets, headerMap: HeaderOffsets) {
  const spans: number[] = new Array((LAST_FIELD + 1) * 2).fill(0);
  const cursor = new Cursor(bytes, http.start, http.end);
  while (cursor.next()) {
    const { field, start, end } = cursor;
    if (!cursor.hasLength || field > LAST_FIELD) continue;
    if (field === FIELD.headers) headers.add(readEntry(bytes, cursor, 2));
    else if (field === FIELD.headerMap) readHeaderMap(bytes, cursor, headerMap);
    else if (spans[field * 2] !== 0) throw new Malformed("a field comes twice");
    else {
      spans[field * 2] = start;
      spans[field * 2 + 1] = end;
    }
    if (headers.size + headerMap.size > MAX_HEADER_LINES) throw new Malformed("too many headers");
  }
  return spans;
}

/** HeaderMap.headers 1, each a HeaderValue: key 1, value 2, raw_value 3. Envoy fills one of the two values. */
function readHeaderMap(bytes: Buffer, map: Span, into: HeaderOffsets): void {
  const cursor = new Cursor(bytes, map.start, map.end);
  while (cursor.next()) {
    if (cursor.field !== 1 || !cursor.hasLength) continue;
    const raw = readEntry(bytes, cursor, 3);
    into.add(raw.valueStart === raw.valueEnd ? readEntry(bytes, cursor, 2) : raw);
    if (into.size > MAX_HEADER_LINES) throw new Malformed("too many headers");
  }
}

/** Where key (1) and value (`valueField`) of an entry are; of a field that comes twice the last counts. */
function readEntry(bytes: Buffer, entry: Span, valueField: number): LineSpan {
  const cursor = new Cursor(bytes, entry.start, entry.end);
  const found = { keyStart: 0, keyEnd: 0, valueStart: 0, valueEnd: 0 };
  while (cursor.next()) {
    if (!cursor.hasLength) continue;
    if (cursor.field === 1) {
      found.keyStart = cursor.start;
      found.keyEnd = cursor.end;
    } else if (cursor.field === valueField) {
      found.valueStart = cursor.start;
      found.valueEnd = cursor.end;
    }
  }
  return found;
}
