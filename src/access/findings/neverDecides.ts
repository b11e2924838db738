import type { ApiGrant } from "../../api/apiGrant.ts";
import { objectKey } from "../../api/names.ts";
import type { GrantedApi } from "../../projection/documents.ts";
import { isDenial } from "../../signing/scheme.ts";
import { admittedTo } from "../decide.ts";
import { type ClaimAt, type PlaceClass, placeClassesOf } from "../requests/requests.ts";
import { pathOf, type World } from "../world.ts";
import type { Finding } from "./catalog.ts";

/** Paths of grants that lie in an environment but decide no request, since more specific paths or another environment cover all of theirs. */
export function pathsThatNeverDecide(
  grants: readonly ApiGrant[],
  world: World,
  now: number,
): readonly Finding[] {
  const deciding = new Set<GrantedApi>();
  const claims = new Map<GrantedApi, ClaimAt>();
  for (const place of placeClassesOf([world])) {
    for (const claim of place.claimed) claims.set(claim.api, claim);
    for (const path of place.paths) for (const api of apisAt(place, path, world, now)) deciding.add(api);
  }
  const byName = new Map(grants.map((grant) => [grantName(grant), grant]));
  return [...claims.values()]
    .filter(({ api }) => !deciding.has(api))
    .flatMap(({ grant, api }) => {
      const object = byName.get(`${grant.namespace}/${grant.name}`);
      return object ? [finding(object, api)] : [];
    });
}

function apisAt(
  { host: { host }, methods }: PlaceClass,
  path: string,
  world: World,
  now: number,
): readonly GrantedApi[] {
  for (const method of methods) {
    const { located } = admittedTo({ method, host, path }, world, now);
    if (!isDenial(located))
      return located.matched.flatMap((grants) => [...grants].flatMap(([, apis]) => apis));
  }
  return [];
}

function finding(grant: ApiGrant, api: GrantedApi): Finding {
  const { type, value } = pathOf(api);
  const at = grant.spec.apis.findIndex(({ name }) => name === api.name);
  const path = grant.spec.apis[at]?.paths?.findIndex((one) => one.type === type && one.value === value) ?? -1;
  const field = `spec.apis[${at}]${path < 0 ? "" : `.paths[${path}]`}`;
  const message = `API ${api.name}: ${type} ${value} decides no request: more specific paths, or the prefix of another environment, cover all of its paths; remove it, or write a more specific one`;
  return { id: "PathNeverDecides", object: `ApiGrant ${grantName(grant)}`, field, message };
}

function grantName({ metadata }: ApiGrant): string {
  return objectKey(metadata.namespace, metadata.name);
}
