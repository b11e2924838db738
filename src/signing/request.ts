/**
 * A request as the verifier sees it. All text is a byte string: one char a byte (latin1), so that what is hashed is
 * what arrived, whatever its encoding; sorting such text sorts by bytes.
 */
export interface SignedRequest {
  readonly method: string;
  /** Path and query exactly as received, before any route changed them. */
  readonly path: string;
  /** The authority as received, with port and in its own case; it is what a signed `host` means. */
  readonly authority: string;
  readonly headers: HeaderBlock;
  readonly body: Body;
  /** Names of headers whose value the proxy may have changed on the way to us: a signature over them proves nothing. */
  readonly uncertainHeaders?: ReadonlySet<string>;
}

/** The whole body, none, or one whose bytes are not known for certain: then nothing that depends on it can be verified. */
export type Body =
  | { readonly kind: "none" }
  | { readonly kind: "bytes"; readonly bytes: Buffer }
  | { readonly kind: "unverifiable"; readonly why: string };

/** Header lines by lower-case name, in the order received. A Map, since `__proto__` and `constructor` are header names too. */
export class HeaderBlock {
  readonly #lines: ReadonlyMap<string, readonly string[]>;

  private constructor(lines: ReadonlyMap<string, readonly string[]>) {
    this.#lines = lines;
  }

  static of(lines: Iterable<readonly [name: string, value: string]>): HeaderBlock {
    const byName = new Map<string, string[]>();
    for (const [name, value] of lines) {
      const lower = name.toLowerCase();
      const values = byName.get(lower);
      if (values) values.push(value);
      else byName.set(lower, [value]);
    }
    return new HeaderBlock(byName);
  }

  /** The value when the header was sent exactly once. */
  single(name: string): string | undefined {
    const values = this.#lines.get(name);
    return values?.length === 1 ? values[0] : undefined;
  }

  count(name: string): number {
    return this.#lines.get(name)?.length ?? 0;
  }

  names(): IterableIterator<string> {
    return this.#lines.keys();
  }
}
