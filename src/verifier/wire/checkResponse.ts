import { fieldSize, lengthField, message, textField, varintField, writeFieldStart } from "./protobuf.ts";

/** google.rpc codes. */
const OK = 0;
const PERMISSION_DENIED = 7;
const UNAVAILABLE = 14;
const UNAUTHENTICATED = 16;

/** Fields of OkHttpResponse. */
const HEADERS = 2;
const HEADERS_TO_REMOVE = 5;
const RESPONSE_HEADERS_TO_ADD = 6;

const STATUS_OK = lengthField(1, varintField(1, OK));

/** An encoded part of the answer to allowed requests; good for any number of them. */
export interface OkPart {
  /** Names of the headers that it sets for the upstream, in lower case. */
  readonly sets: readonly string[];
  /** Fields of OkHttpResponse; a byte string, which is one object in memory where a Buffer is three. */
  readonly fields: string;
  /** Fields of the dynamic metadata, a google.protobuf.Struct; a byte string. */
  readonly metadata: string;
}

/** Sets headers for the upstream; each overwrites every line of that name that the client sent. */
export function setting(
  headers: ReadonlyMap<string, string>,
  metadata: ReadonlyMap<string, string> = new Map(),
): OkPart {
  const sets = [...headers.keys()].map((name) => name.toLowerCase());
  return { sets, fields: message(...setHeaders(HEADERS, headers)), metadata: struct(metadata) };
}

/** Sets headers of the response. */
export function responding(headers: ReadonlyMap<string, string>): OkPart {
  return { sets: [], fields: message(...setHeaders(RESPONSE_HEADERS_TO_ADD, headers)), metadata: "" };
}

/** Removes headers on the way to the upstream, but none that another part sets: Envoy removes after it sets. */
export function removing(names: readonly string[], others: readonly Pick<OkPart, "sets">[]): OkPart {
  const fields = names
    .filter((name) => !others.some(({ sets }) => sets.includes(name.toLowerCase())))
    .map((name) => lengthField(HEADERS_TO_REMOVE, name));
  return { sets: [], fields: message(...fields), metadata: "" };
}

/** A part that is filled with a text of its own for each answer. */
export interface OkTemplate extends Omit<OkPart, "metadata"> {
  /** Where in `fields` the text belongs; there is room for texts of one length. */
  readonly places: readonly number[];
}

/** A template for a header of the request for the upstream, and of the response, whose value is `length` bytes of latin1. */
export function template(name: string, length: number): OkTemplate {
  const header = new Map([[name, "x".repeat(length)]]);
  const upstream = setting(header);
  const fields = message(upstream.fields, responding(header).fields);
  // Behind the value stand the two bytes of `append: false`.
  const places = [upstream.fields.length, fields.length].map((end) => end - 2 - length);
  return { sets: upstream.sets, fields, places };
}

/** CheckResponse{status 1, ok_response 3, dynamic_metadata 4}, in one allocation; `text` fills the places of `filled`. */
export function encodeOk(parts: readonly OkPart[], filled: OkTemplate, text: string): Buffer {
  let fields = filled.fields.length;
  let metadata = 0;
  for (const part of parts) {
    fields += part.fields.length;
    metadata += part.metadata.length;
  }
  const size = STATUS_OK.length + fieldSize(fields) + fieldSize(metadata);
  const out = Buffer.allocUnsafe(size);
  let at = writeFieldStart(out, write(STATUS_OK, out, 0), 3, fields);
  at = write(filled.fields, out, at);
  for (const place of filled.places) out.write(text, at - filled.fields.length + place, "latin1");
  for (const part of parts) at = write(part.fields, out, at);
  at = writeFieldStart(out, at, 4, metadata);
  for (const part of parts) at = write(part.metadata, out, at);
  return out;
}

/** Writes a byte string; returns where it ends. */
function write(from: string, to: Buffer, at: number): number {
  to.write(from, at, "latin1");
  return at + from.length;
}

/** What a denied request is answered with. */
export interface DeniedParts {
  /** HTTP status, 400 or above: Envoy takes a missing one, or 200, for leave to pass. */
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  readonly metadata: ReadonlyMap<string, string>;
}

/** CheckResponse{status 1, denied_response 2, dynamic_metadata 4}. */
export function encodeDenied({ status, headers, body, metadata }: DeniedParts): Buffer {
  const httpStatus = status >= 400 && status <= 599 ? status : 503;
  const code = httpStatus === 401 ? UNAUTHENTICATED : httpStatus === 503 ? UNAVAILABLE : PERMISSION_DENIED;
  const denied = message(
    lengthField(1, varintField(1, httpStatus)),
    ...setHeaders(2, headers),
    textField(3, body),
  );
  const response = message(
    lengthField(1, varintField(1, code)),
    lengthField(2, denied),
    lengthField(4, struct(metadata)),
  );
  return Buffer.from(response, "latin1");
}

/** HeaderValueOption{header 1 {key 1, value 2}, append 2 BoolValue false}: false overwrites, and Envoy ignores append_action here. */
function setHeaders(number: number, headers: ReadonlyMap<string, string>): readonly string[] {
  return [...headers].map(([name, value]) => {
    const header = message(textField(1, name), textField(2, value));
    return lengthField(number, message(lengthField(1, header), lengthField(2, "")));
  });
}

/** google.protobuf.Struct of text: rate limiters match text, a number never matches. */
function struct(values: ReadonlyMap<string, string>): string {
  return message(
    ...[...values].map(([name, value]) =>
      lengthField(1, message(textField(1, name), lengthField(2, textField(3, value)))),
    ),
  );
}
