import { lengthField, message, varintField } from "./protobuf.ts";

/** What an allowed request becomes. */
export interface OkParts {
  /** Set for the upstream; each overwrites every line of that name that the client sent. */
  readonly headers: ReadonlyMap<string, string>;
  /** Removed on the way to the upstream. Envoy removes after it sets, so no name may be in both. */
  readonly remove: readonly string[];
  readonly responseHeaders: ReadonlyMap<string, string>;
  readonly metadata: ReadonlyMap<string, string>;
}

export interface DeniedParts {
  /** HTTP status, 400 or above: Envoy takes a missing one, or 200, for leave to pass. */
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  readonly metadata: ReadonlyMap<string, string>;
}

/** google.rpc codes. */
const OK = 0;
const PERMISSION_DENIED = 7;
const UNAVAILABLE = 14;
const UNAUTHENTICATED = 16;

/** CheckResponse{status 1, ok_response 3, dynamic_metadata 4}. */
export function encodeOk({ headers, remove, responseHeaders, metadata }: OkParts): Buffer {
  const ok = message(
    ...setHeaders(2, headers),
    ...remove
      .filter((name) => !headers.has(name.toLowerCase()))
      .map((name) => lengthField(5, Buffer.from(name, "latin1"))),
    ...setHeaders(6, responseHeaders),
  );
  return message(lengthField(1, varintField(1, OK)), lengthField(3, ok), lengthField(4, struct(metadata)));
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
