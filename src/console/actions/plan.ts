import { type AccessChange, accessChanges } from "../../access/diff.ts";
import { comparedInstallations } from "../../access/installations.ts";
import { TooManyOverlaps } from "../../access/requests/representatives.ts";
import type { Tree } from "../../access/tree.ts";
import type { ApiGrant } from "../../api/apiGrant.ts";
import type { Application } from "../../api/application.ts";
import type { Problem } from "../../api/validation/problem.ts";
import { validateApiGrant, validateApplication } from "../../api/validation/validate.ts";
import { yamlOf } from "../view/yaml.ts";
import type { Change } from "./change.ts";

/** What a viewer sees before anything happens. */
export interface PlanView {
  /** The object after the action, as a file has it. */
  readonly yaml: string;
  /** A name for such a file. */
  readonly file: string;
  /** What the action opens and closes; undefined if that cannot be known. */
  readonly changes?: readonly AccessChange[];
  /** What the API server would reject; then nothing can be applied. */
  readonly problems: readonly Problem[];
  /** The generation that the plan is made on: it changes with the spec, and not with the status. 0 for a new object. */
  readonly generation: number;
}

/** The plan of a change, at an instant (epoch milliseconds). `tree` is undefined if the viewer cannot see all that decides. */
export function planOf(change: Change, tree: Tree | undefined, now: number): PlanView {
  const { after } = change;
  const validated =
    change.kind === "Application"
      ? validateApplication(change.after)
      : validateApiGrant(change.after, change.before);
  const changes = tree && validated.ok ? opened(change, tree, validated.spec, now) : undefined;
  return {
    yaml: yamlOf(after),
    file: `${after.metadata.name}.yaml`,
    ...(changes === undefined ? {} : { changes }),
    problems: validated.ok ? [] : validated.problems,
    generation: generationOf(change),
  };
}

/** The generation of the object that a change is planned on; 0 for a new object. */
export function generationOf({ before }: Change): number {
  return before?.metadata.generation ?? 0;
}

function opened(change: Change, tree: Tree, spec: object, now: number): readonly AccessChange[] | undefined {
  const { after } = change;
  const { namespace, name } = after.metadata;
  const isOther = (one: Application | ApiGrant) =>
    one.metadata.name !== name || one.metadata.namespace !== namespace;
  const next: Tree =
    change.kind === "Application"
      ? { ...tree, applications: [...tree.applications.filter(isOther), { ...after, spec } as Application] }
      : { ...tree, grants: [...tree.grants.filter(isOther), { ...after, spec } as ApiGrant] };
  try {
    return comparedInstallations(tree, next).flatMap(({ world }) => [...accessChanges(world, now)]);
  } catch (error) {
    if (error instanceof TooManyOverlaps) return undefined;
    throw error;
  }
}
