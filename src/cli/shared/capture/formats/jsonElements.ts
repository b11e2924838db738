import { CollectedBytes } from "./collectedBytes.ts";
import type { JsonElement, JsonPlace, Selection } from "./jsonSelection.ts";
import { JsonStrings } from "./jsonStrings.ts";

const [COMMA, COLON, LF, QUOTE] = [0x2c, 0x3a, 0x0a, 0x22];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d];
const NULL = Buffer.from("null");
/** In bytes. No key that a selection names is longer. */
const MAX_KEY = 1_024;

/** An object or array whose members are looked at. */
interface Frame extends JsonPlace {
  readonly isArray: boolean;
  /** Whether it is a taken object. */
  readonly isTaken: boolean;
}

/** What a value that is not looked into is for: nothing, a part of a taken object, a taken value, a member to leave out; or a key. */
type Passing = "drop" | "keep" | "take" | "omit" | "key";

/**
 * Finds the selected values in the bytes of one JSON text, or of several behind each other. It holds one taken value at most: JSON.parse
 * of a whole file needs several times its size. It checks only how brackets are nested; the taken bytes are for JSON.parse.
 */
export class JsonElements {
  readonly #selection: Selection;
  readonly #strings = new JsonStrings();
  readonly #frames: Frame[] = [];
  #key = "";
  #isKeyNext = false;
  #line = 1;
  /** The value that is being passed over, how many brackets are open in it, and whether it is a number or a word. */
  #passing: Passing | undefined;
  #depth = 0;
  #isWord = false;
  /** The taken value; undefined where none is. */
  #taken: JsonPlace | undefined;
  readonly #bytes: CollectedBytes;
  readonly #keyBytes = new CollectedBytes(MAX_KEY);
  #found: JsonElement[] = [];

  constructor(selection: Selection) {
    this.#selection = selection;
    this.#bytes = new CollectedBytes(selection.maxBytes);
  }

  /** The selected values that end in this chunk, which is the next one. */
  take(chunk: Buffer): readonly JsonElement[] {
    this.#found = [];
    for (let at = 0; at < chunk.length; )
      at = this.#passing === undefined ? this.#structure(chunk, at) : this.#pass(chunk, at);
    this.#bytes.endChunk(chunk);
    this.#keyBytes.endChunk(chunk);
    return this.#found;
  }

  /** At the end of the input: the innermost value that is still open; undefined if every value has ended. */
  open(): JsonPlace | undefined {
    const frame = this.#frames.at(-1);
    if (this.#taken) return this.#taken;
    if (frame) return frame;
    return this.#passing === undefined ? undefined : { path: [], line: this.#line };
  }

  /** One byte between values. Returns the place to continue at. */
  #structure(chunk: Buffer, at: number): number {
    const byte = chunk[at] as number;
    if (byte <= 0x20) {
      if (byte === LF) this.#line += 1;
      return at + 1;
    }
    const frame = this.#frames.at(-1);
    if (byte === COMMA) this.#isKeyNext = frame !== undefined && !frame.isArray;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) this.#close(chunk, at + 1);
    else if (byte === QUOTE && this.#isKeyNext) return this.#beginKey(at);
    else if (byte !== COLON) return this.#begin(chunk, at, byte, frame);
    return at + 1;
  }

  #beginKey(at: number): number {
    this.#passing = "key";
    this.#strings.isOpen = true;
    this.#keyBytes.begin(at);
    return at + 1;
  }

  /** The first byte of a value. */
  #begin(chunk: Buffer, at: number, byte: number, frame: Frame | undefined): number {
    const isContainer = byte === OPEN_OBJECT || byte === OPEN_ARRAY;
    if (frame?.isTaken) {
      const isOmitted = this.#selection.without.has(this.#key);
      if (isOmitted) this.#bytes.pause(chunk, at);
      return this.#beginPassing(isOmitted ? "omit" : "keep", at, byte);
    }
    const path = frame ? [...frame.path, frame.isArray ? "*" : this.#key] : [];
    const action = this.#selection.choose(path);
    if (action === "take") {
      this.#bytes.begin(at);
      this.#taken = { path, line: this.#line };
    }
    const isEntered = action === "enter" ? isContainer : action === "take" && byte === OPEN_OBJECT;
    if (!isEntered) return this.#beginPassing(action === "take" ? "take" : "drop", at, byte);
    const isArray = byte === OPEN_ARRAY;
    this.#frames.push({ isArray, isTaken: action === "take", path, line: this.#line });
    this.#isKeyNext = !isArray;
    return at + 1;
  }

  #beginPassing(passing: Passing, at: number, byte: number): number {
    this.#passing = passing;
    const isContainer = byte === OPEN_OBJECT || byte === OPEN_ARRAY;
    this.#depth = isContainer ? 1 : 0;
    this.#strings.isOpen = byte === QUOTE;
    this.#isWord = !isContainer && byte !== QUOTE;
    return at + 1;
  }

  /** Passes over the current value, up to its end or that of the chunk. */
  #pass(chunk: Buffer, start: number): number {
    let at = start;
    while (at < chunk.length) {
      if (this.#strings.isOpen) {
        at = this.#strings.skip(chunk, at);
        if (this.#strings.isOpen) return at;
      } else if (this.#isWord) {
        if (!endsWord(chunk[at] as number)) {
          at += 1;
          continue;
        }
      } else at = this.#toNextString(chunk, at);
      if (this.#depth === 0 && !this.#strings.isOpen) return this.#passed(chunk, at);
    }
    return at;
  }

  /** Passes over brackets and whatever is between them, up to a string, the last bracket or the end of the chunk. */
  #toNextString(chunk: Buffer, start: number): number {
    let depth = this.#depth;
    let at = start;
    for (; at < chunk.length && depth > 0; at++) {
      const byte = chunk[at];
      if (byte === QUOTE) {
        this.#strings.isOpen = true;
        at += 1;
        break;
      }
      if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth += 1;
      else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth -= 1;
      else if (byte === LF) this.#line += 1;
    }
    this.#depth = depth;
    return at;
  }

  /** The current value ended before `at`. */
  #passed(chunk: Buffer, at: number): number {
    const passing = this.#passing;
    this.#passing = undefined;
    this.#isWord = false;
    if (passing === "take") this.#finish(chunk, at);
    else if (passing === "omit") {
      this.#bytes.add(NULL);
      this.#bytes.resume(at);
    } else if (passing === "key") {
      this.#keyBytes.pause(chunk, at);
      this.#key = keyOf(this.#keyBytes.bytes() ?? NULL);
      this.#isKeyNext = false;
    }
    return at;
  }

  #close(chunk: Buffer, at: number): void {
    const frame = this.#frames.pop();
    if (frame?.isTaken) this.#finish(chunk, at);
    this.#isKeyNext = false;
  }

  #finish(chunk: Buffer, at: number): void {
    this.#bytes.pause(chunk, at);
    if (this.#taken) this.#found.push({ ...this.#taken, bytes: this.#bytes.bytes() });
    this.#taken = undefined;
  }
}

function endsWord(byte: number): boolean {
  return byte <= 0x20 || byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_ARRAY || byte === COLON;
}

/** A key with its quotation marks; "" if it is not valid JSON. */
function keyOf(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  if (!text.includes("\\")) return text.slice(1, -1);
  try {
    return String(JSON.parse(text));
  } catch {
    return "";
  }
}
