import type { Validated, Validator } from "../api/validation/validate.ts";

/** A validator that remembers its answer for as long as the cache holds the object, which never changes in place. */
export function remembered<Spec>(validate: Validator<Spec>): (object: object) => Validated<Spec> {
  const answers = new WeakMap<object, Validated<Spec>>();
  return (object) => {
    const known = answers.get(object);
    if (known) return known;
    const answer = validate(object);
    answers.set(object, answer);
    return answer;
  };
}
