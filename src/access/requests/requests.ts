import type { DomainEntry } from "../../policy/index/domainEntry.ts";
import type { GrantedPath } from "../../projection/documents.ts";
import { type Claim, pathOf, type World } from "../world.ts";
import { type HostClass, hostClassesOf } from "./hosts.ts";
import { exactPattern, type Pattern, patternOf, prefixPattern, textOf, withPrefix } from "./pattern.ts";
import { rankOf } from "./ranks.ts";
import { type RankedPattern, representativesOf } from "./representatives.ts";

/** A method that no grant names: they are upper-case. It stands for all of these. */
export const OTHER_METHOD = "other";

/** Hosts that the same patterns match, with one path for each set of paths that the same granted paths match. */
export interface PlaceClass {
  readonly host: HostClass;
  readonly paths: readonly string[];
  /** The methods that the APIs of the host name, sorted, and OTHER_METHOD. */
  readonly methods: readonly string[];
  /** The paths that grants of all worlds name at the host. */
  readonly claimed: readonly ClaimAt[];
}

/**
 * Requests that stand for all requests that one of the worlds may allow: two requests of one host and path of a class, and of
 * one method, get the same decision in each world, for each caller. Spellings with escapes that an upstream may decode are
 * left out: escapedSpellings has them. Throws TooManyOverlaps.
 */
export function* placeClassesOf(worlds: readonly World[]): Generator<PlaceClass> {
  const patterns = new Set(worlds.flatMap(({ hostPatterns }) => [...hostPatterns]));
  for (const host of hostClassesOf(patterns)) {
    const claims = worlds.flatMap((world, at) => [...claimsAt(host, world, at)]);
    if (claims.length === 0) continue;
    const named = new Set(claims.flatMap(({ api }) => api.methods.filter((method) => METHOD.test(method))));
    yield {
      host,
      paths: pathsAt(host, claims, worlds),
      methods: [...[...named].sort(), OTHER_METHOD],
      claimed: claims,
    };
  }
}

/** What a request can have as its method: a grant has others for paths that it owns without granting them. */
const METHOD = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

function pathsAt(host: HostClass, claims: readonly ClaimAt[], worlds: readonly World[]): readonly string[] {
  const patterns = new Map<string, RankedPattern & { readonly ranks: Map<string, string> }>();
  const add = (pattern: Pattern) => {
    const key = textOf(pattern);
    const known = patterns.get(key) ?? { ...pattern, ranks: new Map<string, string>() };
    patterns.set(key, known);
    return known.ranks;
  };
  for (const { path, group, api } of claims) {
    const ranks = add(patternOf(path));
    const rank = rankOf(pathOf(api));
    // Of two paths that match the same requests, such as a prefix with and without ^~, the first one decides.
    if (rank < (ranks.get(group) ?? ":")) ranks.set(group, rank);
  }
  const environments = new Set(worlds.flatMap((world) => environmentsAt(host, world)).map(add));
  // Where an environment begins matters whatever decides.
  for (const ranks of environments) ranks.clear();
  return representativesOf([...patterns.values()]).map(({ path }) => path);
}

/** The path without a slash behind the prefix lies at `/` of the environment. */
function environmentsAt({ host }: HostClass, { index }: World): readonly Pattern[] {
  const prefixes = index.domains.ownerOf(host)?.prefixes ?? [];
  return prefixes.flatMap((prefix) => [prefixPattern(prefix), exactPattern(prefix)]);
}

/** A path that a grant names at a host, with the prefix of its environment. */
export interface ClaimAt extends Claim {
  readonly path: GrantedPath;
  /** Its world, enforcement and prefix: paths of one group compete. */
  readonly group: string;
}

/** The paths that have an effect at a host in one world, each with every prefix of its environment. */
function* claimsAt({ host, covering }: HostClass, { index, claims }: World, at: number): Generator<ClaimAt> {
  const domain = index.domains.ownerOf(host);
  if (!domain) return;
  for (const pattern of covering) {
    for (const claim of claims.get(pattern) ?? []) {
      if (!domain.gives(claim.grant)) continue;
      for (const prefix of prefixesOf(domain, claim.grant.environment))
        yield { ...claim, path: withPrefix(pathOf(claim.api), prefix), group: groupOf(claim, at, prefix) };
    }
  }
}

/** Shadow grants have their own order of paths. */
function groupOf({ grant }: Claim, world: number, prefix: string): string {
  return `${world} ${grant.enforcement ?? "Enforce"} ${prefix}`;
}

function prefixesOf({ environments }: DomainEntry, name: string): readonly string[] {
  return environments.filter((environment) => environment.name === name).map(({ prefix }) => prefix);
}
