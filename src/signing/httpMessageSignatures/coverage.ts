import type { Denial, SignedRequest } from "../model.ts";
import type { ComponentList } from "./component.ts";
import { notCovered } from "./denials.ts";

/** Which parts of a request a list of components covers. */
interface Coverage {
  readonly method: boolean;
  readonly authority: boolean;
  readonly path: boolean;
  readonly query: boolean;
  /** Whether a query that is empty differs from none. */
  readonly emptyQuery: boolean;
  readonly contentType: boolean;
  readonly contentDigest: boolean;
}

/** Of the lists that plainInput() remembers, which are the same objects each time. */
const known = new WeakMap<ComponentList, Coverage>();

function coverageOf(list: ComponentList): Coverage {
  const before = known.get(list);
  if (before) return before;
  const names = new Set(list.components.map(({ name }) => name));
  const has = (...all: readonly string[]) => all.some((name) => names.has(name));
  const coverage: Coverage = {
    method: has("@method"),
    authority: has("@authority", "@target-uri", "host"),
    path: has("@path", "@request-target", "@target-uri"),
    query: has("@query", "@request-target", "@target-uri"),
    emptyQuery: has("@request-target", "@target-uri"),
    contentType: has("content-type"),
    contentDigest: has("content-digest"),
  };
  known.set(list, coverage);
  return coverage;
}

/**
 * Whether a signature covers all that it must: method, authority, path and query, Content-Type where it was sent, and Content-Digest
 * where there is a body. A query may not be covered by `@query-param` alone, which leaves open which other parameters there are.
 */
export function checkCoverage(
  list: ComponentList,
  { path, headers, body }: SignedRequest,
): Denial | undefined {
  const covers = coverageOf(list);
  if (!covers.method) return notCovered("the method", '"@method"');
  if (!covers.authority) return notCovered("the authority", '"@authority"');
  if (!covers.path) return notCovered("the path", '"@path"');
  if (!covers.query) return notCovered("the query", '"@query"');
  if (!covers.emptyQuery && path.indexOf("?") === path.length - 1)
    return notCovered("whether there is an empty query", '"@request-target"');
  if (!covers.contentType && headers.count("content-type") > 0)
    return notCovered("Content-Type", '"content-type"');
  if (!covers.contentDigest && body.kind === "bytes") return notCovered("the body", '"content-digest"');
  return undefined;
}
