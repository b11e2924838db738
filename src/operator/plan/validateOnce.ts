import type { Validated, Validator } from "../../api/validation/validate.ts";
import { isRecord } from "../../base/json.ts";

/**
 * Memoizes a validator by the identity of the spec, which is never changed in place. The stores keep the spec of an object while
 * only its metadata or status changes, so that a status write does not cause another validation.
 */
export function validateOnce<Spec>(
  validate: Validator<Spec>,
): (object: { readonly spec?: unknown }) => Validated<Spec> {
  const results = new WeakMap<object, Validated<Spec>>();
  return (object) => {
    const { spec } = object;
    if (!isRecord(spec)) return validate(object);
    const known = results.get(spec);
    if (known) return known;
    const result = validate(object);
    results.set(spec, result);
    return result;
  };
}
