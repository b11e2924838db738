import { createHmac, hash } from "node:crypto";

/** A digest that HMAC is made of. */
export interface Digest {
  /** Its name for OpenSSL. */
  readonly name: string;
  /** The length of its block in bytes, which RFC 2104 calls B. */
  readonly blockBytes: number;
}

/** Longer texts go through createHmac(), for which the length matters more than the object that it makes. */
const MAX_TEXT_BYTES = 16_384;
const MAX_BLOCK_BYTES = 128;
/** Views of longer texts are not kept. */
const MAX_KEPT_BYTES = 1_024;

/** Bytes to hash, and views of their first ones: a view is made once for each length, because it is one of the dearest objects. */
class Scratch {
  readonly bytes: Buffer;
  readonly #starts: Buffer[] = [];

  constructor(size: number) {
    this.bytes = Buffer.alloc(size);
  }

  start(length: number): Buffer {
    if (length > MAX_KEPT_BYTES) return this.bytes.subarray(0, length);
    this.#starts[length] ??= this.bytes.subarray(0, length);
    return this.#starts[length];
  }
}

const INNER = new Scratch(MAX_BLOCK_BYTES + MAX_TEXT_BYTES);
const OUTER = new Scratch(MAX_BLOCK_BYTES + 64);
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;

/**
 * A secret, made ready for many HMACs. HMAC is two digests (RFC 2104, section 2), and Node computes each of them in one
 * call that makes no object: 0.8 µs for the string to sign of a usual request, where createHmac() with a KeyObject takes
 * 1.9 µs and leaves an object behind that every garbage collection visits. It prints as `[redacted]`.
 */
export class HmacKey {
  /** As KeyObject has it. */
  readonly type = "secret";
  /** A byte string. */
  readonly #bytes: string;

  private constructor(bytes: string) {
    this.#bytes = bytes;
  }

  static of(bytes: Buffer): HmacKey {
    return new HmacKey(bytes.toString("latin1"));
  }

  /** The key's bytes. */
  reveal(): Buffer {
    return Buffer.from(this.#bytes, "latin1");
  }

  /** The HMAC of a byte string, as a byte string. */
  macOf(text: string, { name, blockBytes }: Digest): string {
    if (this.#bytes.length > blockBytes || text.length > MAX_TEXT_BYTES)
      return createHmac(name, this.reveal()).update(text, "latin1").digest("binary");
    this.#pad(INNER.bytes, INNER_PAD, blockBytes);
    INNER.bytes.write(text, blockBytes, "latin1");
    const inner = hash(name, INNER.start(blockBytes + text.length), "binary");
    this.#pad(OUTER.bytes, OUTER_PAD, blockBytes);
    OUTER.bytes.write(inner, blockBytes, "latin1");
    return hash(name, OUTER.start(blockBytes + inner.length), "binary");
  }

  toString(): string {
    return "[redacted]";
  }

  toJSON(): string {
    return "[redacted]";
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return "[redacted]";
  }

  #pad(target: Buffer, pad: number, blockBytes: number): void {
    const bytes = this.#bytes;
    const { length } = bytes;
    for (let at = 0; at < length; at += 1) target[at] = bytes.charCodeAt(at) ^ pad;
    target.fill(pad, length, blockBytes);
  }
}
