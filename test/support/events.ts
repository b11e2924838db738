/** Looks again and again until `look` neither throws nor answers undefined or false; fails with its last failure. For states that no event tells of. */
export async function eventually<T>(
  look: () => Promise<T | undefined | false> | T | undefined | false,
  options: { timeoutMs?: number; intervalMs?: number } = {},
): Promise<T> {
  const end = performance.now() + (options.timeoutMs ?? 20_000);
  let last: unknown = new Error("the condition never held");
  for (;;) {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      last = error;
    }
    if (performance.now() > end) throw last;
    await new Promise((resolve) => setTimeout(resolve, options.intervalMs ?? 50));
  }
}
