import type { ApiDomainProjection } from "../projection/documents.ts";
import type { SignedPlace } from "../signing/scheme.ts";
import { type DomainTable, environmentOf, prefixesOf } from "./index/ownership.ts";

/** Where a path lies: in an environment of the ApiDomain that owns the host. */
export interface Place {
  readonly domain: ApiDomainProjection;
  readonly environment: string;
  /** `/` or segments without a slash at the end. */
  readonly pathPrefix: string;
  /** The path below the prefix, at least `/`. */
  readonly rest: string;
  readonly signed: SignedPlace;
}

/** Resolves host and path to an environment, and the path below its prefix. Undefined if no ApiDomain owns the host. */
export function placeOf(domains: DomainTable, host: string | undefined, path: string): Place | undefined {
  const domain = host === undefined ? undefined : domains.ownerOf(host);
  const found = domain && environmentOf(domain, path);
  if (!found) return undefined;
  const { entry, environment, rest } = found;
  return {
    domain,
    environment: environment.name,
    pathPrefix: environment.pathPrefix,
    rest,
    signed: entry.signed,
  };
}

/** Of a host that no ApiDomain owns. */
const NOWHERE: SignedPlace = { environmentPrefix: "", environmentPrefixes: [] };

/** What a caller may have signed in front of the path; the host's prefixes count also where the path lies in no environment. */
export function signedPlaceOf(
  place: Place | undefined,
  domains: DomainTable,
  host: string | undefined,
): SignedPlace {
  if (place) return place.signed;
  const domain = host === undefined ? undefined : domains.ownerOf(host);
  return domain ? { environmentPrefix: "", environmentPrefixes: prefixesOf(domain) } : NOWHERE;
}
