import type { ObjectMeta } from "../api/meta.ts";
import type { Validator } from "../api/validation/validate.ts";

interface StoredObject<Spec> {
  readonly metadata: ObjectMeta;
  readonly spec: Spec;
}

/** The objects of one kind that take part in decisions, and those that do not since their spec is invalid. */
export interface Living<T> {
  readonly living: readonly T[];
  readonly invalid: readonly T[];
}

/** Sorts out objects as a cluster has them: those that are being deleted are left out, and valid specs get their defaults. */
export function livingOf<Spec, T extends StoredObject<Spec>>(
  objects: Iterable<T>,
  validate: Validator<Spec>,
): Living<T> {
  const living: T[] = [];
  const invalid: T[] = [];
  for (const object of objects) {
    if (object.metadata.deletionTimestamp !== undefined) continue;
    const validated = validate(object);
    const spec = validated.ok ? validated.spec : validated.stored;
    if (spec === undefined) invalid.push(object);
    else living.push({ ...object, spec });
  }
  return { living, invalid };
}
