import { PARTIAL_BODY_HEADER, REQUEST_ID_HEADER } from "../api/envoy.ts";
import { HEADER_PREFIX, IDENTITY_NAMES } from "../api/names.ts";
import type { Allow, Deny } from "../policy/decision.ts";
import { errorBody, type Failure } from "../signing/failures.ts";
import type { CheckAttributes } from "./wire/checkRequest.ts";
import { encodeDenied, encodeOk } from "./wire/checkResponse.ts";

/** How an answer is dressed. */
export interface ReplyOptions {
  /** Hand the caller's Authorization on to the upstream. */
  readonly keepAuthorization: boolean;
}

/**
 * The one way to let a request through. The upstream gets who called and nothing of that prefix that the client sent;
 * nothing that is set is removed, since Envoy removes last.
 */
export function allow(decision: Allow, attributes: CheckAttributes, options: ReplyOptions): Buffer {
  const requestId = requestIdOf(attributes);
  const identity = identityOf(decision);
  const headers = new Map([...identity].map(([name, value]) => [`${HEADER_PREFIX}${name}`, value]));
  headers.set(REQUEST_ID_HEADER, requestId);
  const remove = [
    ...clientsOwn(attributes),
    PARTIAL_BODY_HEADER,
    ...(options.keepAuthorization ? [] : ["authorization"]),
  ];
  return encodeOk({
    headers,
    remove,
    responseHeaders: new Map([[REQUEST_ID_HEADER, requestId]]),
    metadata: metadataOf(identity),
  });
}

/** The one way to refuse a request. Whatever happened, Envoy gets a status of 400 or above. */
export function deny(
  failure: Pick<Failure, "status" | "code" | "message">,
  attributes: CheckAttributes | undefined,
  caller?: Deny["caller"],
): Buffer {
  const requestId = attributes ? requestIdOf(attributes) : "";
  const headers = new Map([["content-type", "application/json"]]);
  if (requestId !== "") headers.set(REQUEST_ID_HEADER, requestId);
  if (failure.status === 401) headers.set("www-authenticate", "hmac");
  const identity = caller ? identityOf(caller) : new Map<string, string>();
  const metadata = metadataOf(new Map([...identity, ["code", failure.code]]));
  return encodeDenied({ status: failure.status, headers, body: errorBody(failure, requestId), metadata });
}

function identityOf(decision: Partial<Allow>): ReadonlyMap<string, string> {
  const values = new Map<string, string | undefined>([
    ["application-id", decision.applicationId],
    ["application", decision.application],
    ["key-id", decision.keyId],
    ["environment", decision.environment],
    ["api", decision.api],
    ["grant", decision.grant],
    ["plan", decision.plan],
    ["form", decision.form],
  ]);
  return new Map(
    IDENTITY_NAMES.flatMap((name) =>
      values.get(name) === undefined ? [] : [[name, values.get(name) ?? ""] as const],
    ),
  );
}

function metadataOf(identity: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...identity].map(([name, value]) => [name.replaceAll("-", "_"), value]));
}

/** Every header of our prefix that the client sent, in either shape. */
function clientsOwn({ headers, headerMap }: CheckAttributes): readonly string[] {
  const names = [...headers, ...headerMap].map(([name]) => name.toLowerCase());
  return [...new Set(names.filter((name) => name.startsWith(HEADER_PREFIX)))];
}

/** x-request-id, else the proxy's id of the stream; only text that is safe in a header. */
function requestIdOf({ id, headers, headerMap }: CheckAttributes): string {
  const sent = [...headerMap, ...headers].find(([name]) => name.toLowerCase() === "x-request-id")?.[1] ?? "";
  return /^[!-~]{1,128}$/.test(sent) ? sent : /^[!-~]{1,128}$/.test(id) ? id : "none";
}
