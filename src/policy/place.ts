import { isSegmentEnd } from "../api/path.ts";
import type { SignedPlace } from "../signing/scheme.ts";
import type { DomainEntry } from "./index/domainEntry.ts";
import type { DomainTable } from "./index/ownership.ts";

/** Where a path lies: in an environment of the ApiDomain that owns the host. */
export interface Place {
  readonly domain: DomainEntry;
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
  return domain && placeIn(domain, path);
}

/** The place of a path in an ApiDomain: of its environments the one with the longest prefix by whole segments. */
export function placeIn(domain: DomainEntry, path: string): Place | undefined {
  for (const { name, pathPrefix, prefix, signed } of domain.environments) {
    if (prefix === "") return { domain, environment: name, pathPrefix, rest: path, signed };
    if (!path.startsWith(prefix) || !isSegmentEnd(path, prefix.length)) continue;
    return { domain, environment: name, pathPrefix, rest: path.slice(prefix.length) || "/", signed };
  }
  return undefined;
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
  return domain ? { environmentPrefix: "", environmentPrefixes: domain.prefixes } : NOWHERE;
}
