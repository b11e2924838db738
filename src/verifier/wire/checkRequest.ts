import { type Field, fieldsOf, Malformed } from "./protobuf.ts";

/** What Envoy's CheckRequest says, as far as a decision needs it. All text is byte strings (latin1). */
export interface CheckAttributes {
  /** The stream's id; the same on a retry of this Check. */
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly host: string;
  readonly protocol: string;
  /** The map shape: lower-case names, repeated lines joined by a comma, bytes that are not UTF-8 replaced by `!`. */
  readonly headers: readonly HeaderLine[];
  /** The raw shape: lines as received, pseudo headers among them. */
  readonly headerMap: readonly HeaderLine[];
  readonly body: Buffer;
  readonly rawBody: Buffer;
  readonly contextExtensions: ReadonlyMap<string, string>;
}

export type HeaderLine = readonly [name: string, value: string];

/** A body of more lines than any proxy lets through is not looked at. */
const MAX_HEADER_LINES = 1_000;

/** Decodes an envoy.service.auth.v3.CheckRequest; undefined for bytes that are none. Total on any bytes. */
export function decodeCheckRequest(bytes: Buffer): CheckAttributes | undefined {
  try {
    return attributesOf(single(bytes, 1));
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

function attributesOf(attributes: Buffer): CheckAttributes {
  const http = single(single(attributes, 4), 2);
  const texts = new Map<number, Buffer>();
  const headers: HeaderLine[] = [];
  const headerMap: HeaderLine[] = [];
  for (const field of fieldsOf(http)) {
    if (!("bytes" in field)) continue;
    if (field.number === 3) headers.push(mapEntry(field.bytes));
    else if (field.number === 13) headerMap.push(...headerLines(field.bytes));
    else if (texts.has(field.number)) throw new Malformed("a field comes twice");
    else texts.set(field.number, field.bytes);
    if (headers.length + headerMap.length > MAX_HEADER_LINES) throw new Malformed("too many headers");
  }
  const text = (number: number) => texts.get(number)?.toString("latin1") ?? "";
  return {
    id: text(1),
    method: text(2),
    path: text(4),
    host: text(5),
    protocol: text(10),
    headers,
    headerMap,
    body: texts.get(11) ?? EMPTY,
    rawBody: texts.get(12) ?? EMPTY,
    contextExtensions: new Map(repeated(attributes, 10).map(mapEntry)),
  };
}

const EMPTY = Buffer.alloc(0);

/** A nested message that may come once: a decoder that merges two of them and one that takes the last would disagree. */
function single(message: Buffer, number: number): Buffer {
  const found = repeated(message, number);
  if (found.length !== 1 || !found[0]) throw new Malformed(`field ${number} is not there once`);
  return found[0];
}

function repeated(message: Buffer, number: number): readonly Buffer[] {
  return [...fieldsOf(message)].flatMap((field) =>
    field.number === number && "bytes" in field ? [field.bytes] : [],
  );
}

/** map<string, string> is a list of entries: key 1, value 2. */
function mapEntry(entry: Buffer): HeaderLine {
  return [latin1(entry, 1), latin1(entry, 2)];
}

/** HeaderMap.headers 1, each a HeaderValue: key 1, value 2, raw_value 3. Envoy fills one of the two values. */
function headerLines(headerMap: Buffer): readonly HeaderLine[] {
  return repeated(headerMap, 1).map((header) => [latin1(header, 1), latin1(header, 3) || latin1(header, 2)]);
}

function latin1(message: Buffer, number: number): string {
  let found = "";
  for (const field of fieldsOf(message)) if (isBytes(field, number)) found = field.bytes.toString("latin1");
  return found;
}

function isBytes(field: Field, number: number): field is Extract<Field, { bytes: Buffer }> {
  return field.number === number && "bytes" in field;
}
