/** What `look` throws when waiting longer cannot help: `eventually` fails with it at once. */
export class Hopeless extends Error {
  override readonly name = "Hopeless";
}

/**
 * Looks repeatedly (default: every 50 ms) until `look` neither throws nor returns undefined or false,
 * and returns that result. After `timeoutMs` (20 s) it fails with the result of the last look. For states that no
 * event reports.
 */
export async function eventually<T>(
  look: () => Promise<T | undefined | false> | T | undefined | false,
  options: { timeoutMs?: number; intervalMs?: number } = {},
): Promise<T> {
  const { timeoutMs = 20_000, intervalMs = 50 } = options;
  const end = performance.now() + timeoutMs;
  for (;;) {
    const last = await attempt(look);
    if ("found" in last) return last.found;
    if (last.failure instanceof Hopeless) throw last.failure;
    if (performance.now() > end) {
      const said = last.failure instanceof Error ? last.failure.message : String(last.failure);
      throw new Error(`still not so after ${timeoutMs} ms; the last look: ${said}`, {
        cause: last.failure,
      });
    }
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
  }
}

async function attempt<T>(
  look: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<{ readonly found: T } | { readonly failure: unknown }> {
  try {
    const found = await look();
    return found === undefined || found === false ? { failure: `it is ${found}` } : { found };
  } catch (failure) {
    return { failure };
  }
}
