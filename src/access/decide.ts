import type { Enforcement } from "../api/vocabulary.ts";
import { type Admission, admittingApi, authorize, checkInForce } from "../policy/authorize.ts";
import { DENIALS } from "../policy/denials.ts";
import { apiName, type Located, locate } from "../policy/locate.ts";
import { isSafePath } from "../policy/pathSafety.ts";
import { placeOf } from "../policy/place.ts";
import { type Target, targetOf } from "../policy/request.ts";
import type { GrantedPath } from "../projection/documents.ts";
import { type Denial, HeaderLines, isDenial } from "../signing/scheme.ts";
import { type Caller, isInForce } from "./callers.ts";
import { withPrefix } from "./requests/pattern.ts";
import { openTo } from "./shadow.ts";
import { pathOf, type World } from "./world.ts";

/** A request as far as access depends on it. `path` may have a query. */
export interface AskedRequest {
  readonly method: string;
  readonly host: string;
  readonly path: string;
}

/** A caller may send the request: by which grant and API. */
export interface Permission {
  readonly environment: string;
  /** `<namespace of the grant>/<name of the api>`. */
  readonly api: string;
  /** `namespace/name`. */
  readonly grant: string;
  /** Shadow: the request is let through unverified, from every caller. */
  readonly enforcement: Enforcement;
}

/**
 * Decides one request of one caller as a verifier does whose caller has signed: by the same stages in the same order, without
 * the signature. `now` is in epoch milliseconds.
 */
export function decideFor(
  caller: Caller,
  request: AskedRequest,
  world: World,
  now: number,
): Permission | Denial {
  const { index } = world;
  const target = targetFor(request);
  const open = openTo(target, world, now);
  if (open) return permission(open.located, open.admission, "Shadow");
  if (!isSafePath(target.path)) return DENIALS.unsafePath;
  const lapsed = checkInForce(caller, now);
  if (lapsed) return lapsed;
  const located = locate(target, placeOf(index.domains, target.host, target.path), index, index.grants);
  if (isDenial(located)) return located;
  const admission = authorize(target, caller, located, index, index.grants, now);
  return isDenial(admission) ? admission : permission(located, admission, "Enforce");
}

function permission(
  { place: { environment } }: Located,
  { grant, api }: Admission,
  enforcement: Enforcement,
): Permission {
  return { environment, api: apiName(grant, api), grant: grant.fullName, enforcement };
}

/** Everybody who may send one request. */
export interface Admitted {
  /** Where it lies, and the grants that name the most specific path; a denial if no grant names it. */
  readonly located: Located | Denial;
  /** The grant that decides, and its API, by the name of the caller. */
  readonly callers: ReadonlyMap<string, Admission>;
  /** The Shadow grant by which the request is let through, from every caller; then `callers` is empty. */
  readonly open?: Admission;
}

const NOBODY: ReadonlyMap<string, Admission> = new Map();

/** All callers that may send a request: those for whom decideFor returns a permission. */
export function admittedTo(request: AskedRequest, world: World, now: number): Admitted {
  const { index, callers } = world;
  const target = targetFor(request);
  const open = openTo(target, world, now);
  if (open) return { located: open.located, callers: NOBODY, open: open.admission };
  if (!isSafePath(target.path)) return { located: DENIALS.unsafePath, callers: NOBODY };
  const located = locate(target, placeOf(index.domains, target.host, target.path), index, index.grants);
  if (isDenial(located)) return { located, callers: NOBODY };
  const found = new Map<string, Admission>();
  for (const admission of admissions(located, target, now))
    for (const caller of callers.of(admission.grant)) {
      const before = found.get(caller.name);
      if ((before === undefined || admission.grant.isBefore(before.grant)) && isInForce(caller, now))
        found.set(caller.name, admission);
    }
  return { located, callers: found };
}

function* admissions({ matched }: Located, target: Target, now: number): Generator<Admission> {
  for (const grants of matched)
    for (const [grant, apis] of grants) {
      const api = admittingApi(grant, apis, target, now);
      if (api) yield { grant, api };
    }
}

/** The most specific path of a place, as callers send it. */
export function pathAt({ matched, place }: Located): GrantedPath | undefined {
  for (const grants of matched)
    for (const [, [api]] of grants)
      if (api) return withPrefix(pathOf(api), place.pathPrefix === "/" ? "" : place.pathPrefix);
  return undefined;
}

/** The request as the stages of a decision take it. */
export function targetFor({ method, host, path }: AskedRequest): Target {
  const body = { kind: "none" } as const;
  const request = { method, path, authority: host, headers: new HeaderLines([]), body };
  return targetOf({ request, context: {} });
}
