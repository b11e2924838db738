import type { Declared } from "./declared.ts";
import type { Declarations } from "./directory.ts";

/** What is in force of the files, after what was in force before. */
export interface Effective {
  readonly objects: ReadonlyMap<string, Declared>;
  /** Ids that no file names any more, and since when (milliseconds of the clock that was given). */
  readonly missing: ReadonlyMap<string, number>;
}

/**
 * What is broken keeps what was last good of it. What is gone stays in force for `graceMs`, since editors and git take a
 * file away for a moment when they write it. Pure.
 */
export function effective(
  before: Effective,
  now: Declarations,
  { time, graceMs }: { readonly time: number; readonly graceMs: number },
): Effective {
  const objects = new Map(now.objects);
  const missing = new Map<string, number>();
  for (const [id, was] of before.objects) {
    if (objects.has(id)) continue;
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
