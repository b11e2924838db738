import { livingOf } from "../../access/living.ts";
import type { Tree } from "../../access/tree.ts";
import { objectKey } from "../../api/names.ts";
import {
  type Validated,
  type Validator,
  validateApiDomain,
  validateApiGrant,
  validateApplication,
} from "../../api/validation/validate.ts";
import type { ConsoleObjects } from "../source.ts";

const application = remembered(validateApplication);
const grant = remembered(validateApiGrant);
const domain = remembered(validateApiDomain);

/** The objects as a tree: those with a valid spec that are not being deleted. */
export function treeOf({ applications, grants, domains, namespaces, routes }: ConsoleObjects): Tree {
  return {
    applications: livingOf(applications.values(), application).living,
    grants: livingOf(grants.values(), grant).living,
    domains: livingOf(domains.values(), domain).living,
    routes: new Map(
      [...routes.values()].map((route) => [objectKey(route.metadata.namespace, route.metadata.name), route]),
    ),
    namespaceLabels: new Map(
      [...namespaces.values()].map(({ metadata }) => [metadata.name, metadata.labels ?? {}]),
    ),
  };
}

/** A validator that validates each version of an object once: objects in a collection are replaced, never changed. */
function remembered<Spec>(validate: Validator<Spec>): Validator<Spec> {
  const known = new WeakMap<object, Validated<Spec>>();
  return (object) => {
    const before = known.get(object);
    if (before) return before;
    const validated = validate(object);
    known.set(object, validated);
    return validated;
  };
}
