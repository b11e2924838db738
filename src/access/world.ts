import { ProjectionIndex } from "../policy/index/projectionIndex.ts";
import { documentName } from "../projection/documentName.ts";
import type { ApiGrantProjection, GrantedApi, GrantedPath, Projection } from "../projection/documents.ts";
import { Callers, type Identities } from "./callers.ts";
import type { Documents } from "./documents.ts";

/** One path that a grant names at a host pattern. */
export interface Claim {
  readonly grant: ApiGrantProjection;
  /** Has one path. It is the same object in the index. */
  readonly api: GrantedApi;
}

/** One installation as its verifiers see it. */
export interface World {
  /** In this index each API of a grant has one path: an API with several is split, which changes no decision. */
  readonly index: ProjectionIndex;
  readonly callers: Callers;
  /** By host pattern as the grants write it. */
  readonly claims: ReadonlyMap<string, readonly Claim[]>;
  /** All host patterns of grants and ApiDomains. */
  readonly hostPatterns: ReadonlySet<string>;
}

/** Makes the documents of one installation ready for questions. */
export function worldOf(documents: Documents, identities: Identities): World {
  const grants = documents.grants.map(splitByPath);
  const index = new ProjectionIndex();
  const all: readonly Projection[] = [...documents.applications, ...documents.domains, ...grants];
  index.replace(all.map((document) => ({ name: documentName(document), resourceVersion: "1", document })));
  const callers = new Callers(documents, identities);
  // An Application elsewhere whose id a grant names exists, as far as a verifier would know.
  for (const { name, application } of callers.all)
    if (application.name === "") index.upsert({ name, resourceVersion: "1", document: application });
  const claims = claimsOf(grants);
  const hosts = documents.domains.flatMap((domain) => domain.hosts);
  return {
    index,
    callers,
    claims,
    hostPatterns: new Set([...claims.keys(), ...hosts]),
  };
}

/** The path of an API of a world's index: its only one. */
export function pathOf(api: GrantedApi): GrantedPath {
  const [path] = api.paths;
  if (!path) throw new TypeError("an API of a world has one path");
  return path;
}

function splitByPath(grant: ApiGrantProjection): ApiGrantProjection {
  if (grant.apis.every(({ paths }) => paths.length <= 1)) return grant;
  return {
    ...grant,
    apis: grant.apis.flatMap((api) => api.paths.map((path) => ({ ...api, paths: [path] }))),
  };
}

function claimsOf(grants: readonly ApiGrantProjection[]): ReadonlyMap<string, readonly Claim[]> {
  const claims = new Map<string, Claim[]>();
  for (const grant of grants)
    for (const api of grant.apis)
      for (const host of new Set(api.paths.length > 0 ? api.hosts : [])) {
        const known = claims.get(host) ?? [];
        known.push({ grant, api });
        claims.set(host, known);
      }
  return claims;
}
