/** Collects bytes that may lie in several chunks. It keeps no more than `maxBytes`: a larger value is dropped as it grows. */
export class CollectedBytes {
  readonly #maxBytes: number;
  #isOn = false;
  #pieces: Buffer[] = [];
  #size = 0;
  /** Where the part in the current chunk begins. */
  #from = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Begins a new value at this place of the current chunk. */
  begin(at: number): void {
    this.#pieces = [];
    this.#size = 0;
    this.resume(at);
  }

  /** Continues at this place, after `pause`. */
  resume(at: number): void {
    this.#isOn = true;
    this.#from = at;
  }

  /** Collects the bytes before this place, and none until `resume`. */
  pause(chunk: Buffer, at: number): void {
    if (this.#isOn) this.add(chunk.subarray(this.#from, at));
    this.#isOn = false;
  }

  /** To call at the end of each chunk: the next one begins at 0. */
  endChunk(chunk: Buffer): void {
    if (this.#isOn) this.add(chunk.subarray(this.#from));
    this.#from = 0;
  }

  add(piece: Buffer): void {
    this.#size += piece.length;
    if (this.#size > this.#maxBytes) this.#pieces = [];
    else if (piece.length > 0) this.#pieces.push(piece);
  }

  /** What was collected; undefined if it is more than `maxBytes`. */
  bytes(): Buffer | undefined {
    if (this.#size > this.#maxBytes) return undefined;
    const [only] = this.#pieces;
    return this.#pieces.length === 1 && only ? only : Buffer.concat(this.#pieces);
  }
}
