import type { Header } from "./headerTable.ts";

/** More headers than any proxy sends with a Check. */
const MAX_HEADERS = 128;

/** The headers of one request. */
export class HeaderBlock {
  readonly #headers: Header[] = [];
  readonly #maxBytes: number;
  #bytes = 0;
  #isRequest: boolean | undefined;

  /** `maxBytes` in HPACK's count. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** What does not fit is not kept, and the call ends. */
  add(header: Header): void {
    this.#bytes += header.size;
    if (!this.isTooLarge) this.#headers.push(header);
  }

  /** Of all headers, in HPACK's count. */
  get bytes(): number {
    return this.#bytes;
  }

  get isTooLarge(): boolean {
    return this.#bytes > this.#maxBytes || this.#headers.length > MAX_HEADERS;
  }

  /** The first value of a header; undefined if it is missing. */
  get(name: string): string | undefined {
    for (const header of this.#headers) if (header.name === name) return header.value;
    return undefined;
  }

  /**
   * Whether these are the headers of a request, by RFC 9113, section 8: each pseudo-header once and before the others, and none
   * of the headers that a request may not have.
   */
  get isRequest(): boolean {
    this.#isRequest ??= this.#hasFormOfRequest();
    return this.#isRequest;
  }

  #hasFormOfRequest(): boolean {
    let pseudo = 0;
    let known = "";
    for (const [at, { name, isMalformed }] of this.#headers.entries()) {
      if (isMalformed) return false;
      if (!name.startsWith(":")) continue;
      if (pseudo !== at || !isOfRequest(name) || known.includes(name)) return false;
      known += name;
      pseudo++;
    }
    return [":method", ":scheme", ":path"].every((name) => known.includes(name)) && this.get(":path") !== "";
  }

  /** Whether these may be trailers: without pseudo-headers. */
  get isTrailers(): boolean {
    return this.#headers.every(({ name, isMalformed }) => !(isMalformed || name.startsWith(":")));
  }
}

function isOfRequest(name: string): boolean {
  return name === ":method" || name === ":scheme" || name === ":path" || name === ":authority";
}
