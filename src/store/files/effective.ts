import type { Declared } from "./declared.ts";
import type { Declarations } from "./directory.ts";

/** The declarations in effect, derived from the files and the declarations that were in effect before. */
export interface Effective {
  readonly objects: ReadonlyMap<string, Declared>;
  /** Ids that no file declares any more, and since when (milliseconds of the given clock). */
  readonly missing: ReadonlyMap<string, number>;
}

/**
 * An invalid object keeps its last valid state. A removed object stays in effect for `graceMs`, since editors and git remove a
 * file for a moment when they write it. Pure.
 */
export function effective(
  before: Effective,
  now: Declarations,
  { time, graceMs }: { readonly time: number; readonly graceMs: number },
): Effective {
  const missing = new Map<string, number>();
  const undeclared = [...before.objects].filter(([id]) => !now.objects.has(id));
  if (undeclared.length === 0) return { objects: now.objects, missing };
  const objects = new Map(now.objects);
  for (const [id, was] of undeclared) {
    if (now.kept.has(id) || now.brokenFiles.has(was.file)) {
      objects.set(id, was);
      continue;
    }
    const since = before.missing.get(id) ?? time;
    if (time - since >= graceMs) continue;
    missing.set(id, since);
    objects.set(id, was);
  }
  return { objects, missing };
}
