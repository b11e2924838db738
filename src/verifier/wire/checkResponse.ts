import { fieldStart, lengthField, message, varintField } from "./protobuf.ts";

/** google.rpc codes. */
const OK = 0;
const PERMISSION_DENIED = 7;
const UNAVAILABLE = 14;
const UNAUTHENTICATED = 16;

/** Fields of OkHttpResponse. */
const HEADERS = 2;
const HEADERS_TO_REMOVE = 5;
const RESPONSE_HEADERS_TO_ADD = 6;

const EMPTY = Buffer.alloc(0);
const STATUS_OK = lengthField(1, varintField(1, OK));

/** An encoded part of the answer to allowed requests; good for any number of them. */
export interface OkPart {
  /** Names of the headers that it sets for the upstream, in lower case. */
  readonly sets: readonly string[];
  /** Fields of OkHttpResponse. */
  readonly fields: Buffer;
  /** Fields of the dynamic metadata, a google.protobuf.Struct. */
  readonly metadata: Buffer;
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
  return { sets: [], fields: message(...setHeaders(RESPONSE_HEADERS_TO_ADD, headers)), metadata: EMPTY };
}

/** Removes headers on the way to the upstream, but none that another part sets: Envoy removes after it sets. */
export function removing(names: readonly string[], others: readonly OkPart[]): OkPart {
  const fields = names
    .filter((name) => !others.some(({ sets }) => sets.includes(name.toLowerCase())))
    .map((name) => lengthField(HEADERS_TO_REMOVE, Buffer.from(name, "latin1")));
  return { sets: [], fields: message(...fields), metadata: EMPTY };
}

/** CheckResponse{status 1, ok_response 3, dynamic_metadata 4}, in one allocation. */
export function encodeOk(parts: readonly OkPart[]): Buffer {
  let fields = 0;
  let metadata = 0;
  for (const part of parts) {
    fields += part.fields.length;
    metadata += part.metadata.length;
  }
  const okStart = fieldStart(3, fields);
  const metadataStart = fieldStart(4, metadata);
  const out = Buffer.allocUnsafe(
    STATUS_OK.length + okStart.length + fields + metadataStart.length + metadata,
  );
  let at = STATUS_OK.copy(out);
  at += okStart.copy(out, at);
  for (const part of parts) at += part.fields.copy(out, at);
  at += metadataStart.copy(out, at);
  for (const part of parts) at += part.metadata.copy(out, at);
  return out;
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
    lengthField(3, body),
  );
  return message(
    lengthField(1, varintField(1, code)),
    lengthField(2, denied),
    lengthField(4, struct(metadata)),
  );
}

/** HeaderValueOption{header 1 {key 1, value 2}, append 2 BoolValue false}: false overwrites, and Envoy ignores append_action here. */
function setHeaders(number: number, headers: ReadonlyMap<string, string>): readonly Buffer[] {
  return [...headers].map(([name, value]) => {
    const header = message(lengthField(1, name), lengthField(2, value));
    return lengthField(number, message(lengthField(1, header), lengthField(2, "")));
  });
}

/** google.protobuf.Struct of text: rate limiters match text, a number never matches. */
function struct(values: ReadonlyMap<string, string>): Buffer {
  return message(
    ...[...values].map(([name, value]) =>
      lengthField(1, message(lengthField(1, name), lengthField(2, lengthField(3, value)))),
    ),
  );
}
