import type { DenialCode } from "../api/vocabulary.ts";
import type { GrantedPath } from "../projection/documents.ts";
import { isDenial } from "../signing/scheme.ts";
import { ANYBODY } from "./anybody.ts";
import { type Admitted, type AskedRequest, admittedTo, decideFor, pathAt } from "./decide.ts";
import { PathLabels } from "./requests/pathLabels.ts";
import { OTHER_METHOD, type PlaceClass, placeClassesOf } from "./requests/requests.ts";
import { escapedSpellings } from "./requests/spellings.ts";
import type { World } from "./world.ts";

/** Requests of one caller that a change opens or closes. */
export interface AccessChange {
  readonly change: "opens" | "closes";
  /** ANYBODY for everybody whom the other side denies: there Shadow grants let each request through. */
  readonly caller: string;
  readonly host: string;
  /** The most specific path of either side that these requests match, with the prefix of its environment. */
  readonly path: GrantedPath;
  /** Sorted; `*` alone is every method, and `other` beside others every method that no grant of the host names. */
  readonly methods: readonly string[];
  /** The grant that allows the requests: of the new side if they are opened, of the old one if they are closed. */
  readonly grant: string;
  /** The code of the denial on the other side; NoApplication if the caller does not exist there. */
  readonly otherwise: DenialCode | "NoApplication";
  /** A request that changes, as `https://host/path`. */
  readonly example: string;
  /** Only spellings of the path change that have escapes which an upstream may decode, such as the example. */
  readonly isSpelling: boolean;
}

/** Two versions of one installation; a side that does not exist is a world without objects. */
export interface Sides {
  readonly old: World;
  readonly next: World;
}

/**
 * What a change opens and closes at an instant (epoch milliseconds). It is empty exactly if both sides decide alike for every
 * caller and request. Throws TooManyOverlaps.
 */
export function* accessChanges(sides: Sides, now: number): Generator<AccessChange> {
  for (const place of placeClassesOf([sides.old, sides.next])) {
    const labels = new PathLabels(place.claimed.map(({ path }) => path));
    for (const path of place.paths) {
      const label = labels.of(path);
      if (!label) continue;
      const compared = compare(place, path, sides, now);
      const changes = [...changesIn(compared, label)];
      yield* changes;
      if (compared.methods.some(isAllowedByBoth) && isDecidedByOtherPath(compared))
        yield* spellingChanges(compared, label, changes);
    }
  }
}

/** The first spelling that changes of each caller, if the path itself does not change for it. */
function* spellingChanges(
  { place, path, sides, now }: Compared,
  label: GrantedPath,
  plain: readonly AccessChange[],
): Generator<AccessChange> {
  const seen = new Set(plain.map(({ change, caller }) => `${change} ${caller}`));
  for (const spelling of escapedSpellings(path))
    for (const one of changesIn(compare(place, spelling, sides, now), label)) {
      const key = `${one.change} ${one.caller}`;
      if (!seen.has(key)) yield { ...one, isSpelling: true };
      seen.add(key);
    }
}

interface ComparedMethod {
  readonly method: string;
  readonly before: Admitted;
  readonly after: Admitted;
}

interface Compared {
  readonly place: PlaceClass;
  readonly path: string;
  readonly methods: readonly ComparedMethod[];
  readonly sides: Sides;
  readonly now: number;
}

function compare(place: PlaceClass, path: string, sides: Sides, now: number): Compared {
  const { host } = place.host;
  const methods = place.methods.map((method) => ({
    method,
    before: admittedTo({ method, host, path }, sides.old, now),
    after: admittedTo({ method, host, path }, sides.next, now),
  }));
  return { place, path, methods, sides, now };
}

function isAllowedByBoth({ before, after }: ComparedMethod): boolean {
  if (before.open || after.open)
    return (before.open ?? before.callers.size) !== 0 && (after.open ?? after.callers.size) !== 0;
  return [...before.callers.keys()].some((caller) => after.callers.has(caller));
}

/** Another path of a grant decides: then other spellings of this path may be denied as unsafe. */
function isDecidedByOtherPath({ methods }: Compared): boolean {
  return methods.some(({ before, after }) => labelOf(before) !== labelOf(after));
}

function labelOf({ located }: Admitted): string {
  const path = isDenial(located) ? undefined : pathAt(located);
  return path ? `${path.type} ${path.value}` : "";
}

function* changesIn(compared: Compared, path: GrantedPath): Generator<AccessChange> {
  const { host } = compared.place.host;
  for (const change of ["opens", "closes"] as const) {
    for (const [caller, found] of changedCallers(compared.methods, change)) {
      const first = found.find(({ method }) => method === OTHER_METHOD) ?? found[0];
      const to = change === "opens" ? first?.after : first?.before;
      const admission = to?.open ?? to?.callers.get(caller);
      if (!first || !admission) continue;
      const isAll = found.length === compared.methods.length;
      const request = { method: first.method, host, path: compared.path };
      const from = change === "opens" ? compared.sides.old : compared.sides.next;
      yield {
        ...{ change, caller, path, host: compared.place.host.pattern },
        methods: isAll ? ["*"] : found.map(({ method }) => method),
        grant: admission.grant.fullName,
        otherwise: denialOf(caller, request, from, compared.now),
        example: `https://${host}${compared.path}`,
        isSpelling: false,
      };
    }
  }
}

function denialOf(name: string, request: AskedRequest, world: World, now: number): AccessChange["otherwise"] {
  if (name === ANYBODY) return "AuthorizationMissing";
  const caller = world.callers.get(name);
  if (!caller) return "NoApplication";
  const decision = decideFor(caller, request, world, now);
  return isDenial(decision) ? decision.code : "NoApplication";
}

function changedCallers(
  methods: readonly ComparedMethod[],
  change: AccessChange["change"],
): readonly (readonly [string, readonly ComparedMethod[]])[] {
  const found = new Map<string, ComparedMethod[]>();
  for (const one of methods) {
    const [from, to] = change === "opens" ? [one.before, one.after] : [one.after, one.before];
    if (from.open) continue;
    for (const caller of to.open ? [ANYBODY] : to.callers.keys())
      if (!from.callers.has(caller)) found.set(caller, [...(found.get(caller) ?? []), one]);
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}
