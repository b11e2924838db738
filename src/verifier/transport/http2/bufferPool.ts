import { freeBuffer } from "./freeBuffer.ts";

/** A smaller buffer costs less to allocate than to keep; bytes. */
const SMALLEST = 65_536;
/** Free buffers that are kept, in bytes: those of two messages of 16 MiB. */
const MAX_FREE = 67_108_864;

/** The free buffers of one size. */
interface Free {
  readonly buffers: Buffer[];
  /** So many of them were not needed since the last trim(). */
  unused: number;
}

/**
 * Buffers for large messages, used again. Node frees a buffer only with a garbage collection, and begins a full one for every few
 * dozen megabytes that are allocated, which takes longer than the messages themselves.
 */
export class BufferPool {
  readonly #free = new Map<number, Free>();
  #freeBytes = 0;

  /** Memory of the free buffers, in bytes. */
  get freeBytes(): number {
    return this.#freeBytes;
  }

  /** A buffer of at least so many bytes, and at most a quarter more. Its content is arbitrary. */
  take(bytes: number): Buffer {
    if (bytes < SMALLEST) return Buffer.allocUnsafe(bytes);
    const size = sizeFor(bytes);
    const free = this.#free.get(size);
    const found = free?.buffers.pop();
    if (!free || !found) return Buffer.allocUnsafeSlow(size);
    free.unused = Math.min(free.unused, free.buffers.length);
    this.#freeBytes -= size;
    return found;
  }

  /** Takes back a buffer that is not read any more, or frees it. */
  give(buffer: Buffer): void {
    const size = buffer.length;
    if (size < SMALLEST || size !== sizeFor(size)) return;
    if (this.#freeBytes + size > MAX_FREE) {
      freeBuffer(buffer);
      return;
    }
    const free = this.#free.get(size) ?? { buffers: [], unused: 0 };
    free.buffers.push(buffer);
    this.#free.set(size, free);
    this.#freeBytes += size;
  }

  /**
   * Frees the buffers that nothing needed since the last call. Called at intervals, so that memory returns once large messages are rare:
   * the garbage collection that would return it comes late then.
   */
  trim(): void {
    for (const [size, free] of this.#free) {
      for (const buffer of free.buffers.splice(0, free.unused)) freeBuffer(buffer);
      this.#freeBytes -= free.unused * size;
      free.unused = free.buffers.length;
      if (free.unused === 0) this.#free.delete(size);
    }
  }
}

/** Four sizes for each power of two. */
function sizeFor(bytes: number): number {
  const step = 2 ** Math.floor(Math.log2(bytes)) / 4;
  return Math.ceil(bytes / step) * step;
}
