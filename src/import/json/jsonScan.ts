import { KeysInOrder } from "./keysInOrder.ts";

/** One JSON text in a file; a file with appended responses has several. */
export interface JsonText {
  /** The first byte, and the byte behind the last one. */
  readonly start: number;
  readonly end: number;
  /** The lists of instances of a Terraform state, in order: a large state is parsed one instance after the other. */
  readonly instances: readonly JsonList[];
}

/** A list of objects in a JSON text. */
interface JsonList {
  readonly start: number;
  readonly end: number;
  /** First byte, and the byte behind the last one, of each object, one after the other. */
  readonly items: readonly number[];
}

export type Scan =
  | { readonly ok: true; readonly texts: readonly JsonText[] }
  | { readonly ok: false; readonly line: number; readonly column: number; readonly message: string };

const MAX_DEPTH = 200;
/** 100 MB of Terraform state has 1.3 million lists and objects. */
const MAX_CONTAINERS = 8_000_000;

/** `{"resources": [{"instances": [` */
const INSTANCES_DEPTH = 4;
const INSTANCES_KEY = '"instances"';

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];
const LINE_FEED = 0x0a;

/**
 * Finds the JSON texts of a file and checks their structure, before `JSON.parse` builds anything: `JSON.parse` takes the last
 * of two equal keys without a word, and its messages quote the input, which holds secrets.
 */
export function scanJson(bytes: Uint8Array): Scan {
  const scanner = new Scanner(bytes);
  const texts: JsonText[] = [];
  for (let start = scanner.skipBlanks(0); start < bytes.length; ) {
    const end = scanner.scanText(start);
    if (end === undefined) return { ok: false, ...scanner.fault() };
    texts.push({ start, end, instances: scanner.takeInstances() });
    start = scanner.skipBlanks(end);
  }
  return { ok: true, texts };
}

class Scanner {
  readonly #bytes: Uint8Array;
  /** For each open container: true for an object. */
  readonly #objects: boolean[] = [];
  readonly #keys: KeysInOrder;
  #containers = 0;
  #instances: { start: number; end: number; items: number[] }[] = [];
  /** Whether the last key was "instances". */
  #isInstances = false;
  #fault = { at: 0, message: "" };

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#keys = new KeysInOrder(bytes);
  }

  fault(): { readonly line: number; readonly column: number; readonly message: string } {
    const { at, message } = this.#fault;
    let [line, begin] = [1, 0];
    for (let next = this.#bytes.indexOf(LINE_FEED); next >= 0 && next < at; ) {
      line += 1;
      begin = next + 1;
      next = this.#bytes.indexOf(LINE_FEED, begin);
    }
    return { line, column: at - begin + 1, message };
  }

  /** The lists of instances since the last call. */
  takeInstances(): readonly JsonList[] {
    const found = this.#instances;
    this.#instances = [];
    return found;
  }

  skipBlanks(from: number): number {
    let at = from;
    for (;;) {
      const byte = this.#bytes[at];
      if (byte !== 0x20 && byte !== LINE_FEED && byte !== 0x0d && byte !== 0x09) return at;
      at += 1;
    }
  }

  /** The end of the value that begins here; undefined after a fault. */
  scanText(from: number): number | undefined {
    let at: number | undefined = this.#value(from);
    while (at !== undefined && this.#objects.length > 0) at = this.#next(this.skipBlanks(at));
    return at;
  }

  /** Opens a container, or skips a scalar. */
  #value(at: number): number | undefined {
    const byte = this.#bytes[at];
    if (byte === QUOTE) return this.#string(at);
    if (byte === OPEN_OBJECT || byte === OPEN_LIST) return this.#open(at, byte === OPEN_OBJECT);
    return this.#scalar(at);
  }

  #open(at: number, isObject: boolean): number | undefined {
    this.#containers += 1;
    if (this.#objects.length >= MAX_DEPTH) return this.#fail(at, `is nested deeper than ${MAX_DEPTH} levels`);
    if (this.#containers > MAX_CONTAINERS)
      return this.#fail(at, `has more than ${MAX_CONTAINERS} lists and objects: split the export`);
    this.#objects.push(isObject);
    if (!isObject && this.#isInstances && this.#objects.length === INSTANCES_DEPTH)
      this.#instances.push({ start: at, end: 0, items: [] });
    else if (isObject && this.#objects.length === INSTANCES_DEPTH + 1) this.#openList()?.items.push(at);
    this.#isInstances = false;
    if (isObject) this.#keys.open();
    const inside = this.skipBlanks(at + 1);
    if (this.#bytes[inside] === (isObject ? CLOSE_OBJECT : CLOSE_LIST)) return this.#close(inside);
    return isObject ? this.#member(inside) : this.#value(inside);
  }

  /** After a value inside a container: a comma and the next value, or the end of the container. */
  #next(at: number): number | undefined {
    const isObject = this.#objects.at(-1);
    const byte = this.#bytes[at];
    if (byte === (isObject ? CLOSE_OBJECT : CLOSE_LIST)) return this.#close(at);
    if (byte !== COMMA) return this.#unexpected(at);
    const inside = this.skipBlanks(at + 1);
    return isObject ? this.#member(inside) : this.#value(inside);
  }

  /** The list of instances that is open. */
  #openList(): { end: number; readonly items: number[] } | undefined {
    const last = this.#instances.at(-1);
    return last?.end === 0 ? last : undefined;
  }

  #close(at: number): number {
    const depth = this.#objects.length;
    if (depth === INSTANCES_DEPTH + 1 && this.#objects.at(-1)) this.#openList()?.items.push(at + 1);
    const list = depth === INSTANCES_DEPTH && !this.#objects.at(-1) ? this.#openList() : undefined;
    if (list) list.end = at + 1;
    if (this.#objects.pop()) this.#keys.close();
    return at + 1;
  }

  #member(at: number): number | undefined {
    if (this.#bytes[at] !== QUOTE) return this.#unexpected(at);
    const end = this.#string(at);
    if (end === undefined || this.#isRepeated(at, end)) return undefined;
    this.#isInstances = end - at === INSTANCES_KEY.length && this.#is(at, INSTANCES_KEY);
    const colon = this.skipBlanks(end);
    if (this.#bytes[colon] !== COLON) return this.#unexpected(colon);
    return this.#value(this.skipBlanks(colon + 1));
  }

  #isRepeated(start: number, end: number): boolean {
    const problem = this.#keys.add(start, end);
    if (problem !== undefined) this.#fail(start, problem);
    return problem !== undefined;
  }

  #is(start: number, text: string): boolean {
    for (let at = 0; at < text.length; at += 1)
      if (this.#bytes[start + at] !== text.charCodeAt(at)) return false;
    return true;
  }

  #string(from: number): number | undefined {
    for (let at = from + 1; at < this.#bytes.length; at += 1) {
      const byte = this.#bytes[at] ?? 0;
      if (byte === QUOTE) return at + 1;
      if (byte === BACKSLASH) at += 1;
      else if (byte < 0x20) return this.#fail(at, "has a line end or control character inside a string");
    }
    return this.#unexpected(this.#bytes.length);
  }

  #scalar(from: number): number | undefined {
    let at = from;
    while (isScalarByte(this.#bytes[at] ?? 0)) at += 1;
    return at === from ? this.#unexpected(at) : at;
  }

  #unexpected(at: number): undefined {
    const isEnd = this.skipBlanks(at) >= this.#bytes.length;
    return this.#fail(
      at,
      isEnd
        ? "ends in the middle of a JSON text: it was truncated, export it again"
        : "is not valid JSON here",
    );
  }

  #fail(at: number, message: string): undefined {
    this.#fault = { at: Math.min(at, this.#bytes.length), message };
    return undefined;
  }
}

/** Letters, digits and the signs of numbers. */
function isScalarByte(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    byte === 0x2b ||
    byte === 0x2d ||
    byte === 0x2e
  );
}
