import { PARTIAL_BODY_HEADER } from "../../api/envoy.ts";
import type { CheckedRequest, RouteContext } from "../../policy/request.ts";
import { type Body, type Denial, requestUnverifiable } from "../../signing/scheme.ts";
import type { CheckAttributes } from "./checkRequest.ts";
import type { HeaderOffsets } from "./headerOffsets.ts";

/** Methods whose requests have no body unless Content-Length announces one. */
const BODYLESS = new Set(["GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "CONNECT"]);

/** What Envoy sent, in either shape, as a request to decide on; a denial where it leaves open what the request was. */
export function understand(attributes: CheckAttributes, maxRequestBytes: number): CheckedRequest | Denial {
  const { isRaw, lines, method } = attributes;
  const path = isRaw ? lines.pseudo(":path") : attributes.path;
  if (path === undefined) return requestUnverifiable("it has no single path");
  if (!isRaw && isSanitised(path) && !attributes.protocol.startsWith("HTTP/1"))
    return requestUnverifiable("the proxy replaced bytes of the path");
  const authority = (isRaw ? lines.pseudo(":authority") : undefined) ?? attributes.host;
  const body = bodyOf(attributes, method, lines, maxRequestBytes);
  return {
    request: { method, path, authority, headers: lines, body },
    context: contextOf(attributes.contextExtensions),
  };
}

const NO_CONTEXT: RouteContext = {};

function contextOf(extensions: ReadonlyMap<string, string>): RouteContext {
  if (extensions.size === 0) return NO_CONTEXT;
  return { api: extensions.get("api"), environment: extensions.get("environment") };
}

/** In the map shape a `!` may stand for any byte that was not UTF-8. */
function isSanitised(text: string): boolean {
  return text.includes("!");
}

/** The body, where Envoy marks it as whole; without the mark only a request that cannot have one is taken to have none. */
function bodyOf(
  { body, rawBody }: CheckAttributes,
  method: string,
  headers: HeaderOffsets,
  maxRequestBytes: number,
): Body {
  const flag = headers.single(PARTIAL_BODY_HEADER);
  const bytes = rawBody.length > 0 ? rawBody : body;
  if (rawBody.length > 0 && body.length > 0) return unverifiable("the proxy sent it twice");
  if (flag === undefined) return withoutFlag(method, bytes, headers);
  if (flag !== "false") return unverifiable("the proxy sent only a part of it");
  if (bytes.length >= maxRequestBytes)
    return unverifiable("it is as long as the proxy buffers at most, so it may be cut");
  if (body.length > 0 && /[!]|\xef\xbf\xbd/.test(body.toString("latin1")))
    return unverifiable("the proxy sent it as text and may have replaced bytes");
  return bytes.length > 0 ? { kind: "bytes", bytes } : NO_BODY;
}

const NO_BODY: Body = { kind: "none" };

function withoutFlag(method: string, bytes: Buffer, headers: HeaderOffsets): Body {
  if (bytes.length > 0) return unverifiable("the proxy does not mark it as whole");
  const lengths = headers.count("content-length");
  if (lengths > 1) return unverifiable("Content-Length comes twice");
  const hasNone = lengths === 0 ? BODYLESS.has(method) : /^0+$/.test(headers.single("content-length") ?? "");
  return hasNone ? NO_BODY : unverifiable("the proxy did not send it");
}

function unverifiable(why: string): Body {
  return { kind: "unverifiable", why };
}
