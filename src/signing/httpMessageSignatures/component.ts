import type { InnerList } from "structured-headers";
import { serializeInnerList, serializeItem } from "structured-headers";

/** A covered component: a header, or a derived component such as `@method` (RFC 9421, section 2). */
export interface Component {
  /** As the signature base has it: `"@query-param";name="page"`. */
  readonly id: string;
  /** A header's name in lower case, or a derived component's with `@`. */
  readonly name: string;
  /** The parameter `name` of `@query-param`. */
  readonly queryParameter?: string;
  /** Whether the value is encoded as a byte sequence (parameter `bs`). */
  readonly isBytes?: true;
  /** Why it cannot be verified here. */
  readonly isUnsupported?: true;
}

/** The covered components of a signature, in the caller's order. */
export interface ComponentList {
  readonly components: readonly Component[];
  /** In canonical form, with its parentheses: `("@method" "@path")`. */
  readonly text: string;
}

/** More components than any client covers. */
const MAX_COMPONENTS = 32;
const FIELD_NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
const NO_PARAMETERS = new Map();

/**
 * The list as the base needs it; undefined for one that RFC 9421 does not allow: an identifier that is no text, a name that
 * is no field name in lower case, or the same identifier twice.
 */
export function componentList([items]: InnerList): ComponentList | undefined {
  if (items.length > MAX_COMPONENTS) return undefined;
  const components: Component[] = [];
  const ids = new Set<string>();
  for (const [name, parameters] of items) {
    if (typeof name !== "string" || !(name.startsWith("@") || FIELD_NAME.test(name))) return undefined;
    const component = componentOf(name, parameters, serializeItem(name, parameters));
    components.push(component);
    ids.add(component.id);
  }
  return ids.size === components.length
    ? { components, text: serializeInnerList([items, NO_PARAMETERS]) }
    : undefined;
}

const DERIVED = new Set([
  "@method",
  "@authority",
  "@scheme",
  "@target-uri",
  "@request-target",
  "@path",
  "@query",
]);

function componentOf(name: string, parameters: ReadonlyMap<string, unknown>, id: string): Component {
  if (name === "@query-param") {
    const queryParameter = parameters.get("name");
    if (typeof queryParameter === "string" && parameters.size === 1) return { id, name, queryParameter };
  } else if (parameters.size === 0 && (DERIVED.has(name) || !name.startsWith("@"))) {
    return { id, name };
  } else if (parameters.size === 1 && parameters.get("bs") === true && !name.startsWith("@")) {
    return { id, name, isBytes: true };
  }
  return { id, name, isUnsupported: true };
}
