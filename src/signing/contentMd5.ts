import { createHash } from "node:crypto";

/**
 * Spellings of a body's MD5 that clients in the field sign: base64 of the hex text (nearly all of them), base64 of the
 * 16 bytes (the documentation's Java line), and plain hex.
 */
export function computedMd5(body: Buffer): readonly string[] {
  const digest = createHash("md5").update(body).digest();
  const hex = digest.toString("hex");
  return [base64OfText(hex), digest.toString("base64"), hex];
}

/** Whether a sent Content-MD5 is true of the body. The vendor's first Java demo drops leading zeros of the hex text. */
export function isMd5Of(sent: string, body: Buffer): boolean {
  const spellings = computedMd5(body);
  const hex = spellings[2] ?? "";
  return spellings.includes(sent) || (hex.startsWith("0") && sent === base64OfText(hex.replace(/^0+/, "")));
}

function base64OfText(text: string): string {
  return Buffer.from(text, "latin1").toString("base64");
}
