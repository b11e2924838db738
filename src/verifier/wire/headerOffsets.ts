import type { Headers } from "../../signing/scheme.ts";

/** More lines than any proxy lets through are not looked at. */
export const MAX_HEADER_LINES = 1_000;

/** A line is four offsets: where name and value start and end in the message. */
const OFFSETS = 4;

const NONE: readonly string[] = [];
const NO_OFFSETS: number[] = [];
const NO_VALUES: (string | undefined)[] = [];
/** Lines for which there is room at once: an array that grows by itself is copied four times for as many. */
const USUAL_LINES = 24;
const ROOM_FOR_OFFSETS: readonly number[] = new Array<number>(USUAL_LINES * OFFSETS).fill(0);
const ROOM_FOR_VALUES: readonly undefined[] = new Array<undefined>(USUAL_LINES).fill(undefined);

/**
 * The header lines of one message as offsets into its bytes: no object for a line, no text for what is never looked at.
 * Names are compared in lower case. Pseudo headers (`:path`) are no headers of the request; `pseudo` reads them.
 */
export class HeaderOffsets implements Headers {
  readonly #bytes: Buffer;
  readonly #isSanitised: boolean;
  /** Filled up to #end. */
  #offsets = NO_OFFSETS;
  #end = 0;
  /** Values that were asked for before, by the number of their line. */
  #values = NO_VALUES;

  /** `isSanitised`: the proxy replaced bytes that are not UTF-8 by `!`, so a value that holds one is uncertain. */
  constructor(bytes: Buffer, isSanitised: boolean) {
    this.#bytes = bytes;
    this.#isSanitised = isSanitised;
  }

  /** How many lines there are. */
  get size(): number {
    return this.#end / OFFSETS;
  }

  /** Adds a line by where its name and value start and end in the message. */
  add(keyStart: number, keyEnd: number, valueStart: number, valueEnd: number): void {
    const at = this.#end;
    if (at === 0) {
      this.#offsets = ROOM_FOR_OFFSETS.slice();
      this.#values = ROOM_FOR_VALUES.slice();
    }
    const offsets = this.#offsets;
    offsets[at] = keyStart;
    offsets[at + 1] = keyEnd;
    offsets[at + 2] = valueStart;
    offsets[at + 3] = valueEnd;
    this.#end = at + OFFSETS;
  }

  single(name: string): string | undefined {
    return isPseudo(name) ? undefined : this.#single(name);
  }

  count(name: string): number {
    if (isPseudo(name)) return 0;
    let found = 0;
    for (let at = this.#find(name, 0); at >= 0; at = this.#find(name, at + OFFSETS)) found += 1;
    return found;
  }

  isUncertain(name: string): boolean {
    if (!this.#isSanitised) return false;
    for (let at = this.#find(name, 0); at >= 0; at = this.#find(name, at + OFFSETS))
      if (this.#valueAt(at).includes("!")) return true;
    return false;
  }

  names(): Iterable<string> {
    return new Set(
      this.entries()
        .map(([name]) => name.toLowerCase())
        .filter((name) => !isPseudo(name)),
    );
  }

  /** All lines as they came, pseudo headers among them. */
  entries(): readonly (readonly [name: string, value: string])[] {
    const found: (readonly [string, string])[] = [];
    for (let at = 0; at < this.#end; at += OFFSETS)
      found.push([this.#text(this.#offsets[at] ?? 0, this.#offsets[at + 1] ?? 0), this.#valueAt(at)]);
    return found;
  }

  /** The value of a pseudo header that was sent exactly once. */
  pseudo(name: `:${string}`): string | undefined {
    return this.#single(name);
  }

  /** The value of the first line of that name. */
  first(name: string): string | undefined {
    const at = this.#find(name, 0);
    return at < 0 ? undefined : this.#valueAt(at);
  }

  /** The names that begin so, in lower case; none in the usual case. */
  namesWithPrefix(prefix: string): readonly string[] {
    const offsets = this.#offsets;
    const filled = this.#end;
    let found: string[] | undefined;
    for (let at = 0; at < filled; at += OFFSETS) {
      const start = offsets[at] ?? 0;
      const end = offsets[at + 1] ?? 0;
      if (end - start < prefix.length || !this.#isAt(start, prefix)) continue;
      found ??= [];
      found.push(this.#text(start, end).toLowerCase());
    }
    return found ?? NONE;
  }

  #single(name: string): string | undefined {
    const at = this.#find(name, 0);
    return at < 0 || this.#find(name, at + OFFSETS) >= 0 ? undefined : this.#valueAt(at);
  }

  #valueAt(at: number): string {
    const line = at / OFFSETS;
    const known = this.#values[line];
    if (known !== undefined) return known;
    const value = this.#text(this.#offsets[at + 2] ?? 0, this.#offsets[at + 3] ?? 0);
    this.#values[line] = value;
    return value;
  }

  #text(start: number, end: number): string {
    return start === end ? "" : this.#bytes.toString("latin1", start, end);
  }

  /** The offsets of the first line of that name at or behind `from`; -1 for none. */
  #find(name: string, from: number): number {
    const { length } = name;
    const offsets = this.#offsets;
    const filled = this.#end;
    for (let at = from; at < filled; at += OFFSETS) {
      const start = offsets[at] ?? 0;
      if ((offsets[at + 1] ?? 0) - start === length && this.#isAt(start, name)) return at;
    }
    return -1;
  }

  /** Whether the bytes from `start` on are this name, in upper or lower case. From the end: many names begin alike. */
  #isAt(start: number, name: string): boolean {
    for (let at = name.length - 1; at >= 0; at -= 1) {
      const byte = this.#bytes[start + at] ?? 0;
      const lower = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
      if (lower !== name.charCodeAt(at)) return false;
    }
    return true;
  }
}

function isPseudo(name: string): boolean {
  return name.charCodeAt(0) === 0x3a;
}
