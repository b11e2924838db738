import { md5Of } from "../bodyMd5.ts";
import { isForm } from "../contentType.ts";
import type { SignedRequest } from "../model.ts";
import type { Parts } from "./parts.ts";

/** base64 of the hex MD5 of nothing: Go signs it for a POST without a body and never sends it. */
const MD5_OF_NOTHING = "ZDQxZDhjZDk4ZjAwYjIwNGU5ODAwOTk4ZWNmODQyN2U=";
const WITHOUT_BODY: readonly string[] = ["", MD5_OF_NOTHING];
const UNSIGNED_FORM: readonly string[] = [""];
const NONE: readonly string[] = [];

/** The body whose MD5 md5Fields() computes; undefined for none. */
export function bodyToHash({ body, headers }: SignedRequest): Buffer | undefined {
  if (body.kind !== "bytes" || body.bytes.length === 0) return undefined;
  const isSent = (headers.single("content-md5") ?? "") !== "";
  return isSent || !isForm(headers.single("content-type") ?? "") ? body.bytes : undefined;
}

/** Whether a sent Content-MD5 is true of the body. The vendor's first Java demo drops leading zeros of the hex text. */
function isMd5Of(sent: string, body: Buffer): boolean {
  const all = md5Of(body);
  const [, , hex] = all;
  return all.includes(sent) || (hex.startsWith("0") && sent === base64OfText(hex.replace(/^0+/, "")));
}

/**
 * What the Content-MD5 field may be. A sent header is what was signed, and it must be true; a form has none unless it
 * was sent; for any other body the gateway computes it when the caller did not send it, and callers differ in how.
 */
export function md5Fields(parts: Parts): readonly string[] {
  if (parts.sentMd5 !== "") return isMd5Of(parts.sentMd5, parts.body) ? [parts.sentMd5] : NONE;
  if (parts.body.length === 0) return WITHOUT_BODY;
  return parts.isFormBody ? UNSIGNED_FORM : md5Of(parts.body);
}

function base64OfText(text: string): string {
  return Buffer.from(text, "latin1").toString("base64");
}
