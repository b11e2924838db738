import { isDeepStrictEqual } from "node:util";
import type {
  ApiGrantProjection,
  GrantedApi,
  GrantedApplication,
  GrantedPath,
} from "../../projection/documents.ts";
import { endsNoEarlier, includes, type Times } from "./rules.ts";

/**
 * Whether the new document of a grant allows everything that the one before allowed. A changed enforcement may remove access
 * either way: Enforce ends what Shadow allows, and a Shadow grant leaves its callers to the Enforce grants of the same paths,
 * which may not name them. Two Shadow grants are compared like two Enforce grants, although Shadow allows more.
 */
export function grantOnlyAdds(before: ApiGrantProjection, after: ApiGrantProjection, times: Times): boolean {
  return (
    before.enforcement === after.enforcement &&
    before.environment === after.environment &&
    isDeepStrictEqual(before.namespaceLabels, after.namespaceLabels) &&
    (before.suspended || !after.suspended) &&
    startsNoLater(before.notBefore, after.notBefore) &&
    endsNoEarlier(before.expiresAt, after.expiresAt, times) &&
    before.applications.every((one) => after.applications.some((other) => covers(other, one))) &&
    before.apis.every((api) => after.apis.some((other) => other.name === api.name && widens(other, api))) &&
    before.apis.every((api) => !takesFrom(api, before, after))
  );
}

function startsNoLater(before: string | undefined, after: string | undefined): boolean {
  return after === undefined || (before !== undefined && Date.parse(after) <= Date.parse(before));
}

/** An id in any namespace covers the same id in one. */
function covers(after: GrantedApplication, before: GrantedApplication): boolean {
  if (isDeepStrictEqual(after, before)) return true;
  return (
    after.kind === "id" &&
    before.kind === "id" &&
    after.applicationId === before.applicationId &&
    after.namespace === undefined
  );
}

function widens(after: GrantedApi, before: GrantedApi): boolean {
  return (
    includes(after.hosts, before.hosts) &&
    before.paths.every((path) => after.paths.some((other) => isDeepStrictEqual(other, path))) &&
    allMethods(after, before)
  );
}

/** Whether `api` allows every method that `other` allows; no method means all. */
function allMethods(api: GrantedApi, other: GrantedApi): boolean {
  return api.methods.length === 0 || (other.methods.length > 0 && includes(api.methods, other.methods));
}

/**
 * Whether a path that is new at its hosts takes requests from `api`: of the paths that match a request the most specific
 * one decides which methods are allowed, so `/orders/export` with GET alone takes a POST from `/orders`.
 */
function takesFrom(api: GrantedApi, before: ApiGrantProjection, after: ApiGrantProjection): boolean {
  return after.apis.some(
    (other) =>
      !allMethods(other, api) &&
      other.paths.some(
        (path) => !isKnown(path, other, before) && api.paths.some((old) => mayMeet(old, path)),
      ),
  );
}

function isKnown(path: GrantedPath, { hosts }: GrantedApi, before: ApiGrantProjection): boolean {
  return before.apis.some(
    (api) => includes(api.hosts, hosts) && api.paths.some((one) => isDeepStrictEqual(one, path)),
  );
}

/** Whether one request could match both paths. Templates and TencentPaths are taken to meet every path. */
function mayMeet(a: GrantedPath, b: GrantedPath): boolean {
  if (isPattern(a) || isPattern(b)) return true;
  return isWithin(a.value, b) || isWithin(b.value, a);
}

function isPattern({ type }: GrantedPath): boolean {
  return type === "Template" || type === "TencentPath";
}

function isWithin(value: string, { type, value: other }: GrantedPath): boolean {
  const prefix = other.endsWith("/") ? other.slice(0, -1) : other;
  return value === other || (type === "PathPrefix" && (value === prefix || value.startsWith(`${prefix}/`)));
}
