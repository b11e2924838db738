import { createHash, hash } from "node:crypto";

/** The spellings of an MD5 that clients in the field sign: base64 of the hex text, base64 of the 16 bytes, and plain hex. */
export type Md5Spellings = readonly [base64OfHex: string, base64: string, hex: string];

/** A body is hashed once however many variants are tried on it: 16 MiB take 20 ms. Nothing here changes a body. */
const known = new WeakMap<Buffer, Md5Spellings>();

/** The MD5 of a body in each spelling. */
export function md5Of(body: Buffer): Md5Spellings {
  return known.get(body) ?? remember(body, hash("md5", body, "hex"));
}

/** 256 KiB take half a millisecond. */
const STEP_BYTES = 262_144;

/** Computes what md5Of() returns for this Buffer from then on. */
export function* hashInSteps(body: Buffer): Generator<void, void> {
  const md5 = createHash("md5");
  for (let at = 0; at < body.length; at += STEP_BYTES) {
    md5.update(body.subarray(at, at + STEP_BYTES));
    yield;
  }
  remember(body, md5.digest("hex"));
}

function remember(body: Buffer, hex: string): Md5Spellings {
  const found: Md5Spellings = [
    Buffer.from(hex, "latin1").toString("base64"),
    Buffer.from(hex, "hex").toString("base64"),
    hex,
  ];
  known.set(body, found);
  return found;
}
