import { apiName, type Located } from "../policy/locate.ts";
import type { GrantedPath } from "../projection/documents.ts";
import { isDenial } from "../signing/scheme.ts";
import { ANYBODY } from "./anybody.ts";
import { type Admitted, admittedTo, pathAt } from "./decide.ts";
import { OTHER_METHOD, type PlaceClass, placeClassesOf } from "./requests/requests.ts";
import type { World } from "./world.ts";

/** One caller may send requests to one path with these methods. */
export interface AccessRow {
  /** ANYBODY where Shadow grants alone name the path. */
  readonly caller: string;
  /** As the objects write it; `*.example.com` is each host below it that no longer pattern names. */
  readonly host: string;
  readonly environment: string;
  /** With the prefix of the environment. More specific paths of the same host have rows of their own. */
  readonly path: GrantedPath;
  /** Sorted; `*` alone is every method. */
  readonly methods: readonly string[];
  /** `<namespace of the grant>/<name of the api>`. */
  readonly api: string;
  /** `namespace/name` of the grant that decides. */
  readonly grant: string;
}

/** Everything that callers may do at an instant (epoch milliseconds), by host and path. Throws TooManyOverlaps. */
export function* accessRows(world: World, now: number): Generator<AccessRow> {
  for (const place of placeClassesOf([world])) {
    const seen = new Set<string>();
    for (const path of place.paths) yield* rowsAt(place, path, { world, now, seen });
  }
}

interface Context {
  readonly world: World;
  readonly now: number;
  /** Paths of grants that have their rows already. */
  readonly seen: Set<string>;
}

function* rowsAt(place: PlaceClass, path: string, { world, now, seen }: Context): Generator<AccessRow> {
  const { host } = place.host;
  const byMethod = place.methods.map(
    (method) => [method, admittedTo({ method, host, path }, world, now)] as const,
  );
  const located = byMethod.map(([, one]) => one.located).find((one): one is Located => !isDenial(one));
  const granted = located && pathAt(located);
  if (!granted || seen.has(`${granted.type} ${granted.value}`)) return;
  seen.add(`${granted.type} ${granted.value}`);
  const common = { host: place.host.pattern, environment: located.place.environment, path: granted };
  for (const [caller, methods] of methodsByCaller(byMethod)) {
    const [first] = methods;
    const admitted = byMethod.find(([method]) => method === first)?.[1];
    const admission = admitted?.open ?? admitted?.callers.get(caller);
    if (!admission) continue;
    const { grant, api } = admission;
    const named = methods.includes(OTHER_METHOD) ? ["*"] : methods;
    yield { caller, ...common, methods: named, api: apiName(grant, api), grant: grant.fullName };
  }
}

/** The methods that each caller may use, in the order of the names of the callers. */
function methodsByCaller(
  byMethod: readonly (readonly [string, Admitted])[],
): readonly (readonly [string, readonly string[]])[] {
  const found = new Map<string, string[]>();
  for (const [method, { callers, open }] of byMethod)
    for (const caller of open ? [ANYBODY] : callers.keys()) {
      const methods = found.get(caller);
      if (methods) methods.push(method);
      else found.set(caller, [method]);
    }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}
