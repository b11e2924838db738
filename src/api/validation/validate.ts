import { isRecord, isSameJson } from "../../base/json.ts";
import { API_DOMAIN, type ApiDomainSpec } from "../apiDomain.ts";
import { API_GRANT, type ApiGrantSpec } from "../apiGrant.ts";
import { APPLICATION, type ApplicationSpec } from "../application.ts";
import { type KindDefinition, objectSchema } from "../crds.ts";
import type { Kind } from "../vocabulary.ts";
import { cutToSize } from "./cutToSize.ts";
import { withExactPath } from "./exactPath.ts";
import { firstOf, isRatcheted, type Problem } from "./problem.ts";
import { checkRules } from "./rules.ts";
import { structureCheck } from "./structure.ts";
import { UnsoundPaths } from "./unsound.ts";

/** What validation returns: the spec with its defaults, or everything that is wrong, MAX_PROBLEMS at most and a count. */
export type Validated<Spec> =
  | { readonly ok: true; readonly spec: Spec }
  | {
      readonly ok: false;
      readonly problems: readonly Problem[];
      /** Where only ratcheting rules are broken: what the spec means if the object was stored before they existed. */
      readonly stored?: Spec;
    };

interface ObjectToCheck {
  readonly metadata?: unknown;
  readonly spec?: unknown;
}

/**
 * Checks an object as the API server does with the same CRD: unknown fields, types, bounds, defaults, CEL rules, and
 * rules that look at the old object. Status is left out: it is the operator's. The object given is not changed, and a spec to
 * which nothing had to be added is returned as it is.
 * It reports at least what the API server does in one go, and more: the API server runs no rule while a type, a bound, an
 * enum or a required field is wrong; here only the rules that read the wrong field wait.
 */
export type Validator<Spec> = (object: ObjectToCheck, old?: ObjectToCheck) => Validated<Spec>;

const SKIPPED: Problem = {
  field: "",
  message: "some rules read the fields above, and are checked once those are fixed",
};

/** Specs that the validator of this kind returned, or would return as they are. */
const SOUND: Readonly<Record<Kind, WeakSet<object>>> = {
  Application: new WeakSet(),
  ApiGrant: new WeakSet(),
  ApiDomain: new WeakSet(),
};

export const validateApplication: Validator<ApplicationSpec> = validator(APPLICATION);
export const validateApiGrant: Validator<ApiGrantSpec> = validator(API_GRANT, withExactPath);
export const validateApiDomain: Validator<ApiDomainSpec> = validator(API_DOMAIN);

/** Records that this very program has found the spec of an object of this kind valid before, so that it is not validated again. */
export function knownSound(kind: Kind, spec: object): void {
  SOUND[kind].add(spec);
}

/** What a problem adds to the sentence of its CEL rule. */
type Remark = (problem: Problem, object: unknown) => Problem;

/**
 * Specs that a validator returned are known by identity and need no second look: a spec is never changed in place, and no object gets
 * the spec of another one. The store of files and the reconcilers each validate every object; for 10,000 Applications the second
 * look took 0.9 s.
 */
function validator<Spec>(definition: KindDefinition, remark: Remark = (problem) => problem): Validator<Spec> {
  const schema = objectSchema(definition);
  const checkStructure = structureCheck(schema);
  const sound = SOUND[definition.kind];
  return (object, old) => {
    if (old === undefined && isRecord(object.spec) && sound.has(object.spec))
      return { ok: true, spec: object.spec as Spec };
    const { status: _, ...rest } = object as Record<string, unknown>;
    const { value, problems: left, uncounted } = cutToSize(schema, rest);
    const structural = [...left, ...checkStructure(value)];
    const unsound = new UnsoundPaths(
      structural.filter(({ hidesRules }) => hidesRules).map(({ path }) => path),
    );
    const rules = checkRules(schema, { value, old, unsound });
    const found = [
      ...structural.map(({ field, message }) => ({ field, message })),
      ...rules.problems.map((problem) => remark(problem, value)),
    ];
    const spec = (value as ObjectToCheck).spec as Spec;
    if (found.length === 0) {
      const held = isSameJson(spec, object.spec) ? (object.spec as Spec) : spec;
      if (isRecord(held)) sound.add(held);
      return { ok: true, spec: held };
    }
    const problems = [...firstOf(found, uncounted), ...(rules.skipped > 0 ? [SKIPPED] : [])];
    const isWhole = uncounted === 0 && rules.skipped === 0 && found.every(isRatcheted);
    return { ok: false, problems, ...(isWhole ? { stored: spec } : {}) };
  };
}
