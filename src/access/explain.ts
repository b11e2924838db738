import type { GrantEntry } from "../policy/index/grantEntry.ts";
import { apiName, type Located, locate } from "../policy/locate.ts";
import { placeIn, placeOf } from "../policy/place.ts";
import type { Target } from "../policy/request.ts";
import type { GrantedApi } from "../projection/documents.ts";
import { type Denial, isDenial } from "../signing/scheme.ts";
import type { Caller } from "./callers.ts";
import { type AskedRequest, pathAt, targetFor } from "./decide.ts";
import type { World } from "./world.ts";

/** Why a caller may not send a request, as sentences: what decides, and what would have to change. */
export function whyDenied(
  denial: Denial,
  caller: Caller,
  request: AskedRequest,
  { index, claims }: World,
  now: number,
): readonly string[] {
  const target = targetFor(request);
  switch (denial.code) {
    case "UnsafePath":
      return [
        "The path can be understood in more than one way: send it without escapes of plain characters, //, dot segments, ; and \\.",
      ];
    case "ApplicationSuspended":
      return [`Application ${caller.name} is suspended.`];
    case "ApplicationExpired":
      return [`Application ${caller.name} has expired on ${caller.application.expiresAt ?? ""}.`];
    case "NoApiMatch":
      return whyNoApi(target, request, { index, claims });
    default:
      return whyNotGranted(target, caller, index, now);
  }
}

function whyNoApi(
  target: Target,
  request: AskedRequest,
  { index, claims }: Pick<World, "index" | "claims">,
): readonly string[] {
  const { host = request.host, path } = target;
  const domain = index.domains.ownerOf(host);
  if (!domain) return [`No ApiDomain has the host ${host}.`];
  const place = placeIn(domain, path);
  if (!place) return [`The path ${path} is in no environment of ApiDomain ${domain.name}.`];
  const environment = `environment ${place.environment} of host ${host}`;
  const methods = methodsOf(target, { index, claims });
  if (methods.length === 0) return [`No grant names the path ${path} in ${environment}.`];
  return [
    `The most specific path that a grant names allows ${methods.join(", ")} and not ${request.method}, in ${environment}.`,
  ];
}

/** The methods with which the place can be found. */
function methodsOf(target: Target, { index, claims }: Pick<World, "index" | "claims">): readonly string[] {
  const named = [...claims.values()].flatMap((all) => all.flatMap(({ api }) => api.methods));
  const place = placeOf(index.domains, target.host, target.path);
  const isFound = (method: string) =>
    !isDenial(locate({ ...target, request: { ...target.request, method } }, place, index, index.grants));
  return [...new Set(named)].sort().filter(isFound);
}

function whyNotGranted(
  target: Target,
  caller: Caller,
  index: World["index"],
  now: number,
): readonly string[] {
  const located = locate(target, placeOf(index.domains, target.host, target.path), index, index.grants);
  if (isDenial(located)) return [];
  const path = pathAt(located);
  const decides = path
    ? [`The most specific path that a grant names is ${path.type} ${path.value}. It decides alone:`]
    : [];
  return [...decides, ...grantsAt(located).map(([grant, apis]) => whyNot(grant, apis, target, caller, now))];
}

function grantsAt({ matched }: Located): readonly (readonly [GrantEntry, readonly GrantedApi[]])[] {
  return matched.flatMap((grants) => [...grants]);
}

function whyNot(
  grant: GrantEntry,
  apis: readonly GrantedApi[],
  target: Target,
  caller: Caller,
  now: number,
): string {
  const names = apis.map((api) => apiName(grant, api)).join(", ");
  const { suspended, notBefore, expiresAt } = grant.document;
  const methods = [...new Set(apis.flatMap((api) => api.methods))];
  const what = `ApiGrant ${grant.fullName} (API ${names})`;
  if (!grant.isMeantFor(caller.application)) return `${what} does not name Application ${caller.name}.`;
  if (suspended) return `${what} is suspended.`;
  if (!grant.isInForce(now))
    return `${what} is not in force: notBefore ${notBefore ?? "unset"}, expiresAt ${expiresAt ?? "unset"}.`;
  return `${what} allows ${methods.join(", ")} and not ${target.request.method}.`;
}
