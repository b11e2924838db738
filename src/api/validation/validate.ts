import { API_DOMAIN, type ApiDomainSpec } from "../apiDomain.ts";
import { API_GRANT, type ApiGrantSpec } from "../apiGrant.ts";
import { APPLICATION, type ApplicationSpec } from "../application.ts";
import { type KindDefinition, objectSchema } from "../crds.ts";
import { withExactPath } from "./exactPath.ts";
import { isRatcheted, type Problem } from "./problem.ts";
import { checkRules } from "./rules.ts";
import { structureCheck } from "./structure.ts";

/** The spec with its defaults, or all that is wrong. */
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
 * rules that look at the old object. Status is left out: it is the operator's. The object given is not changed.
 */
export type Validator<Spec> = (object: ObjectToCheck, old?: ObjectToCheck) => Validated<Spec>;

export const validateApplication: Validator<ApplicationSpec> = validator(APPLICATION);
export const validateApiGrant: Validator<ApiGrantSpec> = validator(API_GRANT, withExactPath);
export const validateApiDomain: Validator<ApiDomainSpec> = validator(API_DOMAIN);

/** What a problem says beyond the sentence of its CEL rule. */
type Remark = (problem: Problem, object: unknown) => Problem;

function validator<Spec>(definition: KindDefinition, remark: Remark = (problem) => problem): Validator<Spec> {
  const schema = objectSchema(definition);
  const checkStructure = structureCheck(schema);
  return (object, old) => {
    const { status: _, ...copy } = JSON.parse(JSON.stringify(object)) as Record<string, unknown>;
    const structural = checkStructure(copy);
    if (structural.length > 0) return { ok: false, problems: structural };
    const problems = checkRules(schema, copy, old).map((problem) => remark(problem, copy));
    const spec = copy.spec as Spec;
    if (problems.length === 0) return { ok: true, spec };
    return { ok: false, problems, ...(problems.every(isRatcheted) ? { stored: spec } : {}) };
  };
}
