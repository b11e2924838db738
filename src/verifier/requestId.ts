import { REQUEST_ID_HEADER } from "../api/envoy.ts";
import type { CheckAttributes } from "./wire/checkRequest.ts";
import { type OkPart, responding, setting } from "./wire/checkResponse.ts";

/** Visible ASCII: safe in a header. */
const SAFE = /^[!-~]{1,128}$/;

/** x-request-id, else the proxy's id of the stream; only text that is safe in a header. */
export function requestIdOf({ id, headers, headerMap }: CheckAttributes): string {
  const sent = headerMap.first("x-request-id") ?? headers.first("x-request-id") ?? "";
  if (SAFE.test(sent)) return sent;
  return SAFE.test(id) ? id : "none";
}

/** An encoded part for ids of one length, and where in it the id belongs. */
interface Template {
  readonly bytes: Buffer;
  readonly places: readonly number[];
}

/** By the id's length, at most 128. */
const TEMPLATES: Template[] = [];
const NO_METADATA = Buffer.alloc(0);

/** The id as a header for the upstream and for the caller. */
export function requestIdPart(requestId: string): OkPart {
  const { length } = requestId;
  const template = TEMPLATES[length] ?? templateOf(length);
  TEMPLATES[length] = template;
  const fields = Buffer.from(template.bytes);
  for (const place of template.places) fields.write(requestId, place, "latin1");
  return { sets: [REQUEST_ID_HEADER], fields, metadata: NO_METADATA };
}

function templateOf(length: number): Template {
  const header = new Map([[REQUEST_ID_HEADER, "x".repeat(length)]]);
  const upstream = setting(header).fields;
  const bytes = Buffer.concat([upstream, responding(header).fields]);
  // Behind the value stand the two bytes of `append: false`.
  return { bytes, places: [upstream.length, bytes.length].map((end) => end - 2 - length) };
}
