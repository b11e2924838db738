/** A smaller buffer costs less to allocate than to keep; bytes. */
const SMALLEST = 65_536;
/** Free buffers that are kept, in bytes. */
const MAX_FREE = 33_554_432;

/**
 * Buffers for large messages, used again. Node frees a buffer only with a garbage collection, and begins a full one for every few
 * dozen megabytes that are allocated, which takes longer than the messages themselves.
 */
export class BufferPool {
  readonly #free = new Map<number, Buffer[]>();
  #freeBytes = 0;

  /** A buffer of at least so many bytes, and at most a quarter more. Its content is arbitrary. */
  take(bytes: number): Buffer {
    if (bytes < SMALLEST) return Buffer.allocUnsafe(bytes);
    const size = sizeFor(bytes);
    const found = this.#free.get(size)?.pop();
    if (!found) return Buffer.allocUnsafeSlow(size);
    this.#freeBytes -= size;
    return found;
  }

  /** Takes back a buffer that is not read any more. */
  give(buffer: Buffer): void {
    const size = buffer.length;
    if (size < SMALLEST || size !== sizeFor(size) || this.#freeBytes + size > MAX_FREE) return;
    const free = this.#free.get(size) ?? [];
    free.push(buffer);
    this.#free.set(size, free);
    this.#freeBytes += size;
  }

  /** Drops half of the free buffers of each size. Called at intervals, so that memory returns once large messages are rare. */
  trim(): void {
    for (const [size, free] of this.#free) {
      const kept = free.length >> 1;
      this.#freeBytes -= (free.length - kept) * size;
      if (kept === 0) this.#free.delete(size);
      else free.length = kept;
    }
  }
}

/** Four sizes for each power of two. */
function sizeFor(bytes: number): number {
  const step = 2 ** Math.floor(Math.log2(bytes)) / 4;
  return Math.ceil(bytes / step) * step;
}
