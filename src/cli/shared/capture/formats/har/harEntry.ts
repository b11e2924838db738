import type { DenialCode } from "../../../../../api/vocabulary.ts";
import { field, isRecord } from "../../../../../base/json.ts";
import type { Captured, Gaps, Place } from "../../captured.ts";
import { valuesOf } from "../../checkedRequest.ts";
import { type HttpMessage, requestLineProblem } from "../../httpMessage.ts";
import { quoted } from "../../printable.ts";
import { bytes, isAscii } from "../jsonLine.ts";
import { timeOfText } from "../readTime.ts";
import { type HarBody, harBody } from "./harBody.ts";
import { harHeaders } from "./harHeaders.ts";

/** What is known of an entry beside its content. */
export interface EntryContext {
  readonly place: Place;
  /** `log.creator.name`; undefined if the file has none before its entries. */
  readonly creator: string | undefined;
}

/** `log.creator.name` of Chrome, Edge and other browsers with Chrome's developer tools. */
const CHROME = "WebInspector";
const SANITIZED =
  "the HAR has no Authorization header, and Chrome removes it from a sanitized HAR: export it with sensitive data (DevTools, Settings, Preferences, Network)";
const PROVISIONAL = "the HAR has only provisional headers: the browser did not record those that were sent";
const REDACTED = "its Authorization header was redacted in the HAR";
const NOT_ASCII =
  "the HAR has text that is not ASCII in its URL or headers, and not the bytes that were sent";
const NO_ZONE = 'startedDateTime is not a time with a zone, such as "2026-11-24T09:00:00Z"';

/** The request of one element of `log.entries`; undefined if none was sent, since a cache had the response or the URL is not HTTP. */
export function readEntry(entry: unknown, context: EntryContext): Captured | undefined {
  const { place } = context;
  const request = field(entry, "request");
  if (field(entry, "_fromCache") !== undefined) return undefined;
  const url = field(request, "url");
  if (typeof url === "string" && /^(data|blob|file|about|[a-z-]*extension):/i.test(url)) return undefined;
  const read = readRequest(request);
  if (typeof read === "string") return { ok: false, place, id: undefined, problem: read };
  const time = timeOfText(field(entry, "startedDateTime"));
  const gaps = { ...gapsOf(read, context), ...(time === undefined ? { time: NO_ZONE } : {}) };
  return { ok: true, place, id: undefined, time, message: read.message, gaps };
}

interface HarRequest {
  readonly message: HttpMessage;
  readonly body: HarBody;
  /** Whether a header of the entry has the authority; otherwise it is that of the URL. */
  readonly hasAuthority: boolean;
}

function readRequest(request: unknown): HarRequest | string {
  if (!isRecord(request)) return "request: it must be an object";
  const { method, url, bodySize, postData } = request;
  if (typeof method !== "string" || typeof url !== "string") return "request: method and url must be text";
  const [isUrl, authority = "", rest = ""] = /^(?:http|ws)s?:\/\/([^/?#]*)([^#]*)/i.exec(url) ?? [];
  if (isUrl === undefined)
    return `request.url: it must begin with http:// or https://: ${quoted(bytes(url))}`;
  const headers = harHeaders(request.headers);
  if (typeof headers === "string") return headers;
  const hasAuthority = [":authority", "host"].some((name) => valuesOf(headers, name).length > 0);
  const [path = bytes(rest.startsWith("/") ? rest : `/${rest}`)] = valuesOf(headers, ":path");
  const problem = requestLineProblem(bytes(method), path);
  if (problem !== undefined) return `request: ${problem}`;
  const body = harBody({ method, headers, bodySize, postData });
  const all = hasAuthority ? headers : [["host", bytes(authority.replace(/^.*@/, ""))] as const, ...headers];
  return {
    message: { method: bytes(method), target: path, headers: all, body: body.bytes },
    body,
    hasAuthority,
  };
}

/** What exporters leave out, as far as the entry shows it. */
function gapsOf({ message, body, hasAuthority }: HarRequest, { creator }: EntryContext): Gaps {
  const isChrome = creator === undefined || creator === CHROME;
  const request = isChrome && !hasAuthority ? PROVISIONAL : wholeGap(message);
  const denials = new Map<DenialCode, string>();
  if (isChrome)
    for (const code of ["AuthorizationMissing", "SignedHeaderMissing"] as const) denials.set(code, SANITIZED);
  if (message.headers.some(([, value]) => !isAscii(value))) denials.set("SignatureMismatch", NOT_ASCII);
  return {
    ...(request === undefined ? {} : { request }),
    ...(body.gap === undefined ? {} : { body: body.gap }),
    denials,
  };
}

function wholeGap({ target, headers }: HttpMessage): string | undefined {
  const credentials = valuesOf(headers, "authorization").join();
  if (/redacted|\*{3}/i.test(credentials)) return REDACTED;
  const names = [":authority", "host"].flatMap((name) => valuesOf(headers, name));
  return [target, credentials, ...names].every(isAscii) ? undefined : NOT_ASCII;
}
