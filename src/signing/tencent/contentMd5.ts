import { createHash, hash } from "node:crypto";
import type { SignedRequest } from "../model.ts";
import { isForm, type Parts } from "./parts.ts";

/** base64 of the hex MD5 of nothing: Go signs it for a POST without a body and never sends it. */
const MD5_OF_NOTHING = "ZDQxZDhjZDk4ZjAwYjIwNGU5ODAwOTk4ZWNmODQyN2U=";
const WITHOUT_BODY: readonly string[] = ["", MD5_OF_NOTHING];
const UNSIGNED_FORM: readonly string[] = [""];
const NONE: readonly string[] = [];

/** A body is hashed once however many variants are tried on it: 16 MiB take 20 ms. Nothing here changes a body. */
const spellings = new WeakMap<Buffer, readonly string[]>();

/**
 * Spellings of a body's MD5 that clients in the field sign: base64 of the hex text (nearly all of them), base64 of the
 * 16 bytes (the documentation's Java line), and plain hex.
 */
export function computedMd5(body: Buffer): readonly string[] {
  const known = spellings.get(body);
  if (known) return known;
  return remember(body, hash("md5", body, "hex"));
}

function remember(body: Buffer, hex: string): readonly string[] {
  const found = [base64OfText(hex), Buffer.from(hex, "hex").toString("base64"), hex];
  spellings.set(body, found);
  return found;
}

/** The body whose MD5 md5Fields() computes; undefined for none. */
export function bodyToHash({ body, headers }: SignedRequest): Buffer | undefined {
  if (body.kind !== "bytes" || body.bytes.length === 0) return undefined;
  const isSent = (headers.single("content-md5") ?? "") !== "";
  return isSent || !isForm(headers.single("content-type") ?? "") ? body.bytes : undefined;
}

/** 256 KiB take half a millisecond. */
const STEP_BYTES = 262_144;

/** Computes what computedMd5() returns for this Buffer from then on. */
export function* hashInSteps(body: Buffer): Generator<void, void> {
  const md5 = createHash("md5");
  for (let at = 0; at < body.length; at += STEP_BYTES) {
    md5.update(body.subarray(at, at + STEP_BYTES));
    yield;
  }
  remember(body, md5.digest("hex"));
}

/** Whether a sent Content-MD5 is true of the body. The vendor's first Java demo drops leading zeros of the hex text. */
function isMd5Of(sent: string, body: Buffer): boolean {
  const all = computedMd5(body);
  const hex = all[2] ?? "";
  return all.includes(sent) || (hex.startsWith("0") && sent === base64OfText(hex.replace(/^0+/, "")));
}

/**
 * What the Content-MD5 field may be. A sent header is what was signed, and it must be true; a form has none unless it
 * was sent; for any other body the gateway computes it when the caller did not send it, and callers differ in how.
 */
export function md5Fields(parts: Parts): readonly string[] {
  if (parts.sentMd5 !== "") return isMd5Of(parts.sentMd5, parts.body) ? [parts.sentMd5] : NONE;
  if (parts.body.length === 0) return WITHOUT_BODY;
  return parts.isFormBody ? UNSIGNED_FORM : computedMd5(parts.body);
}

function base64OfText(text: string): string {
  return Buffer.from(text, "latin1").toString("base64");
}
