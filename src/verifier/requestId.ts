import { REQUEST_ID_HEADER } from "../api/envoy.ts";
import type { CheckAttributes } from "./wire/checkRequest.ts";
import { type OkTemplate, template } from "./wire/checkResponse.ts";

/** Visible ASCII: safe in a header. */
const SAFE = /^[!-~]{1,128}$/;

/** x-request-id, else the proxy's id of the stream; only text that is safe in a header. */
export function requestIdOf({ id, headers, headerMap }: CheckAttributes): string {
  const sent = headerMap.first("x-request-id") ?? headers.first("x-request-id") ?? "";
  if (SAFE.test(sent)) return sent;
  return SAFE.test(id) ? id : "none";
}

/** By the id's length, at most 128. */
const TEMPLATES: OkTemplate[] = [];

/** For an id of that length: a header for the upstream and for the caller. */
export function requestIdTemplate({ length }: string): OkTemplate {
  TEMPLATES[length] ??= template(REQUEST_ID_HEADER, length);
  return TEMPLATES[length];
}
