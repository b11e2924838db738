import { PARTIAL_BODY_HEADER } from "../../api/envoy.ts";
import type { CheckedRequest } from "../../policy/facts.ts";
import { type Failure, requestUnverifiable } from "../../signing/failures.ts";
import { type Body, HeaderBlock } from "../../signing/request.ts";
import type { CheckAttributes, HeaderLine } from "./checkRequest.ts";

/** Methods whose requests have no body unless Content-Length says so. */
const BODYLESS = new Set(["GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "CONNECT"]);

export type Understood =
  | { readonly ok: true; readonly checked: CheckedRequest }
  | { readonly ok: false; readonly failure: Failure };

/** What Envoy sent, in either shape, as a request to decide on. The shapes are never mixed: the raw one counts where it is there. */
export function understand(attributes: CheckAttributes, maxRequestBytes: number): Understood {
  const isRaw = attributes.headerMap.length > 0;
  const lines = isRaw ? attributes.headerMap : attributes.headers;
  const path = isRaw ? pseudo(lines, ":path") : attributes.path;
  const authority = isRaw ? (pseudo(lines, ":authority") ?? attributes.host) : attributes.host;
  if (path === undefined) return { ok: false, failure: requestUnverifiable("it has no single path") };
  if (!isRaw && isSanitised(path) && !attributes.protocol.startsWith("HTTP/1")) {
    return { ok: false, failure: requestUnverifiable("the proxy replaced bytes of the path") };
  }
  const headers = HeaderBlock.of(lines.filter(([name]) => !name.startsWith(":")));
  const body = bodyOf(attributes, headers, maxRequestBytes);
  const uncertainHeaders = new Set(
    isRaw ? [] : lines.filter(([, value]) => isSanitised(value)).map(([name]) => name),
  );
  const request = { method: attributes.method, path, authority, headers, body, uncertainHeaders };
  return { ok: true, checked: { request, context: attributes.contextExtensions } };
}

function pseudo(lines: readonly HeaderLine[], name: string): string | undefined {
  const found = lines.filter(([line]) => line === name);
  return found.length === 1 ? found[0]?.[1] : undefined;
}

/** In the map shape a `!` may stand for any byte that was not UTF-8. */
function isSanitised(text: string): boolean {
  return text.includes("!");
}

/** The body, where Envoy says that it is whole; without its word only a request that cannot have one is taken to have none. */
function bodyOf(
  { method, body, rawBody }: CheckAttributes,
  headers: HeaderBlock,
  maxRequestBytes: number,
): Body {
  const flag = headers.single(PARTIAL_BODY_HEADER);
  const bytes = rawBody.length > 0 ? rawBody : body;
  if (rawBody.length > 0 && body.length > 0) return unverifiable("the proxy sent it twice");
  if (flag === undefined) return withoutFlag(method, bytes, headers);
  if (flag !== "false") return unverifiable("the proxy sent only a part of it");
  if (bytes.length >= maxRequestBytes)
    return unverifiable("it is as long as the proxy buffers at most, so it may be cut");
  if (bytes === body && /[!]|\xef\xbf\xbd/.test(body.toString("latin1")))
    return unverifiable("the proxy sent it as text and may have replaced bytes");
  return bytes.length > 0 ? { kind: "bytes", bytes } : { kind: "none" };
}

function withoutFlag(method: string, bytes: Buffer, headers: HeaderBlock): Body {
  if (bytes.length > 0) return unverifiable("the proxy does not say that it is whole");
  const length = headers.single("content-length");
  if (headers.count("content-length") > 1) return unverifiable("Content-Length comes twice");
  const hasNone = length === undefined ? BODYLESS.has(method) : /^0+$/.test(length);
  return hasNone ? { kind: "none" } : unverifiable("the proxy did not send it");
}

function unverifiable(why: string): Body {
  return { kind: "unverifiable", why };
}
