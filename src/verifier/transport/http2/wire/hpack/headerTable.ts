/** What HPACK counts for each entry besides its text. */
const ENTRY_BYTES = 32;
/** The size of the dynamic table, in HPACK's count; the default of SETTINGS_HEADER_TABLE_SIZE, which this server does not change. */
export const TABLE_BYTES = 4_096;

/** One header line. A client that sends the same again refers to it, so the same object is used. */
export class Header {
  /** In lower case, or `isMalformed`. */
  readonly name: string;
  /** A byte string. */
  readonly value: string;
  /** In HPACK's count. */
  readonly size: number;
  /** Whether no request may have it: RFC 9113, section 8.2. */
  readonly isMalformed: boolean;
  readonly #isNamed: boolean;

  /**
   * `name` is a text, or a header with the same name. A name of the table is not read again: a client refers to 4 KiB of it with three bytes.
   */
  constructor(name: string | Header, value: string) {
    this.name = typeof name === "string" ? name : name.name;
    this.value = value;
    this.size = this.name.length + value.length + ENTRY_BYTES;
    this.#isNamed = typeof name === "string" ? isName(name) : name.#isNamed;
    this.isMalformed = !this.#isNamed || !isValue(value) || isOfConnection(this.name, value);
  }
}

/** The entries that both sides know: RFC 7541, appendix A. */
const STATIC: readonly Header[] = [
  ":authority",
  ":method GET",
  ":method POST",
  ":path /",
  ":path /index.html",
  ":scheme http",
  ":scheme https",
  ...["200", "204", "206", "304", "400", "404", "500"].map((status) => `:status ${status}`),
  "accept-charset",
  "accept-encoding gzip, deflate",
  ...["accept-language", "accept-ranges", "accept", "access-control-allow-origin", "age", "allow"],
  ...["authorization", "cache-control", "content-disposition", "content-encoding", "content-language"],
  ...["content-length", "content-location", "content-range", "content-type", "cookie", "date", "etag"],
  ...["expect", "expires", "from", "host", "if-match", "if-modified-since", "if-none-match", "if-range"],
  ...["if-unmodified-since", "last-modified", "link", "location", "max-forwards", "proxy-authenticate"],
  ...["proxy-authorization", "range", "referer", "refresh", "retry-after", "server", "set-cookie"],
  ...["strict-transport-security", "transfer-encoding", "user-agent", "vary", "via", "www-authenticate"],
].map((line) => {
  const [, name = "", value = ""] = /^(\S+) ?(.*)$/.exec(line) ?? [];
  return new Header(name, value);
});

/** The entries that a client of one connection may refer to by number. */
export class HeaderTable {
  /** The newest last; those before `first` are evicted. */
  #entries: Header[] = [];
  #first = 0;
  #bytes = 0;
  #maxBytes = TABLE_BYTES;

  /** Undefined for a number that means nothing. */
  get(index: number): Header | undefined {
    if (index <= STATIC.length) return STATIC[index - 1];
    const at = this.#entries.length - (index - STATIC.length);
    return at < this.#first ? undefined : this.#entries[at];
  }

  add(header: Header): void {
    this.#entries.push(header);
    this.#bytes += header.size;
    this.#evict();
  }

  /** `bytes` is at most TABLE_BYTES. */
  resize(bytes: number): void {
    this.#maxBytes = bytes;
    this.#evict();
  }

  #evict(): void {
    while (this.#bytes > this.#maxBytes) this.#bytes -= (this.#entries[this.#first++] as Header).size;
    if (this.#first < TABLE_BYTES / ENTRY_BYTES) return;
    this.#entries = this.#entries.slice(this.#first);
    this.#first = 0;
  }
}

function isName(name: string): boolean {
  return /^:?[!#$%&'*+\-.^_`|~0-9a-z]+$/.test(name);
}

function isValue(value: string): boolean {
  return !/[\0\r\n]/.test(value);
}

/** Headers of HTTP/1 connections, which HTTP/2 has not. */
function isOfConnection(name: string, value: string): boolean {
  if (name === "te") return value !== "trailers" && value !== "";
  return /^(connection|proxy-connection|keep-alive|transfer-encoding|upgrade)$/.test(name) && value !== "";
}
