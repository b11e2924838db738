import type { Validated, Validator } from "../../api/validation/validate.ts";

/** Memoizes a validator by object identity. Cached objects are never changed in place, so an entry lives as long as its object. */
export function validateOnce<Spec>(validate: Validator<Spec>): (object: object) => Validated<Spec> {
  const results = new WeakMap<object, Validated<Spec>>();
  return (object) => {
    const known = results.get(object);
    if (known) return known;
    const result = validate(object);
    results.set(object, result);
    return result;
  };
}
