/** A smaller buffer costs more to free than it holds; bytes. */
const SMALLEST = 16_384;

/**
 * Frees a buffer that nothing reads any more, such as a chunk of a socket; it has no bytes afterwards. Its memory is outside of V8's heap,
 * which V8 gives back with the next collection of young objects. That is due by the size of young objects alone, which large bodies hardly
 * need: V8 collects everything instead, whenever some 64 MiB are outside. To ask V8 for young collections is no way out: it then ends at
 * once the marking that it does in steps, which stopped small requests beside bodies of 16 MiB for 60 to 100 ms, every three seconds
 * (Node 24.21).
 * A buffer that shares its memory with others is left alone.
 */
export function freeBuffer({ buffer, length }: Buffer): void {
  if (length >= SMALLEST && buffer instanceof ArrayBuffer && buffer.byteLength === length) buffer.transfer(0);
}
