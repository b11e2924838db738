import type { ApiDomainProjection, Environment, Labels } from "../../projection/documents.ts";
import type { SignedPlace } from "../../signing/scheme.ts";
import { patternsOf } from "../host.ts";
import { selects } from "./selector.ts";

/** Who speaks first among equals: the oldest, then the first by name. Negative: a. */
export function byAge(
  a: { readonly createdAt: string; readonly name: string },
  b: { readonly createdAt: string; readonly name: string },
): number {
  return (
    Date.parse(a.createdAt) - Date.parse(b.createdAt) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
  );
}

/** A namespace, as ownership looks at it. */
export interface NamespaceOf {
  readonly namespace: string;
  readonly namespaceLabels: Labels;
}

/** The ApiDomains by host pattern. Of two with the same pattern the older has it, so what is applied later takes nothing away. */
export class DomainTable {
  readonly #byPattern = new Map<string, ApiDomainProjection[]>();
  readonly #uids = new Set<string>();

  static of(domains: Iterable<ApiDomainProjection>): DomainTable {
    const table = new DomainTable();
    for (const domain of domains) table.add(domain);
    return table;
  }

  add(domain: ApiDomainProjection): void {
    this.#uids.add(domain.uid);
    for (const pattern of domain.hosts) {
      const domains = [...(this.#byPattern.get(pattern) ?? []), domain].sort(byAge);
      this.#byPattern.set(pattern, domains);
    }
  }

  remove(domain: ApiDomainProjection): void {
    this.#uids.delete(domain.uid);
    for (const pattern of domain.hosts) {
      const rest = (this.#byPattern.get(pattern) ?? []).filter((other) => other.uid !== domain.uid);
      if (rest.length > 0) this.#byPattern.set(pattern, rest);
      else this.#byPattern.delete(pattern);
    }
  }

  /** How many ApiDomains there are. */
  get size(): number {
    return this.#uids.size;
  }

  /** The owner of a host or of a wildcard pattern: the most specific ApiDomain that covers it. */
  ownerOf(hostOrPattern: string): ApiDomainProjection | undefined {
    const exact = this.#byPattern.get(hostOrPattern)?.[0];
    if (exact) return exact;
    const start = hostOrPattern.startsWith("*.") ? hostOrPattern.slice(2) : hostOrPattern;
    const patterns = hostOrPattern === start ? patternsOf(start) : wildcardsFrom(start);
    for (const pattern of patterns) {
      const owner = this.#byPattern.get(pattern)?.[0];
      if (owner) return owner;
    }
    return undefined;
  }

  /** The hosts of this domain that an older one has: there it is without effect. */
  lostHosts(domain: ApiDomainProjection): readonly string[] {
    return domain.hosts.filter((pattern) => this.#byPattern.get(pattern)?.[0]?.uid !== domain.uid);
  }
}

/** The patterns that cover a whole wildcard `*.rest`: itself and the wider ones. */
function* wildcardsFrom(rest: string): Generator<string> {
  yield `*.${rest}`;
  for (let dot = rest.indexOf("."); dot >= 0; dot = rest.indexOf(".", dot + 1)) yield `*${rest.slice(dot)}`;
}

/** Whether a domain gives its hosts to a namespace. */
export function gives(domain: ApiDomainProjection, { namespace, namespaceLabels }: NamespaceOf): boolean {
  const { namespaces } = domain;
  if (namespaces.kind === "selector") return selects(namespaces.selector, namespaceLabels);
  const known = namesOf.get(domain) ?? new Set(namespaces.names);
  namesOf.set(domain, known);
  return known.has(namespace);
}

/** An ApiDomain may name thousands of namespaces. */
const namesOf = new WeakMap<ApiDomainProjection, ReadonlySet<string>>();

/** One environment of an ApiDomain, made ready for look-ups. */
export interface EnvironmentEntry {
  readonly environment: Environment;
  /** The path prefix; "" for `/`. */
  readonly prefix: string;
  readonly signed: SignedPlace;
}

/** The environment of a path: the longest prefix by whole segments. `rest` is the path behind the prefix, at least `/`. */
export function environmentOf(
  domain: ApiDomainProjection,
  path: string,
):
  | { readonly entry: EnvironmentEntry; readonly environment: Environment; readonly rest: string }
  | undefined {
  for (const entry of environmentsOf(domain)) {
    const { environment, prefix } = entry;
    if (prefix === "") return { entry, environment, rest: path };
    if (!path.startsWith(prefix) || (path.length > prefix.length && path[prefix.length] !== "/")) continue;
    return { entry, environment, rest: path.slice(prefix.length) || "/" };
  }
  return undefined;
}

/** The path prefixes of a domain's environments other than `/`. */
export function prefixesOf({ environments }: ApiDomainProjection): readonly string[] {
  return environments.map(({ pathPrefix }) => pathPrefix).filter((prefix) => prefix !== "/");
}

/** By domain, the longest prefix first. */
const entriesOf = new WeakMap<ApiDomainProjection, readonly EnvironmentEntry[]>();

function environmentsOf(domain: ApiDomainProjection): readonly EnvironmentEntry[] {
  const known = entriesOf.get(domain);
  if (known) return known;
  const environmentPrefixes = prefixesOf(domain);
  const found = domain.environments
    .map((environment) => {
      const prefix = environment.pathPrefix === "/" ? "" : environment.pathPrefix;
      return {
        environment,
        prefix,
        signed: { environmentPrefix: prefix, environmentPrefixes, environment: environment.name },
      };
    })
    .sort((a, b) => b.prefix.length - a.prefix.length);
  entriesOf.set(domain, found);
  return found;
}
