import type { ApiDomainProjection, Environment, Labels } from "../projection/documents.ts";
import { patternsOf } from "./host.ts";
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
export function gives(domain: ApiDomainProjection, to: NamespaceOf): boolean {
  return domain.namespaces.kind === "names"
    ? domain.namespaces.names.includes(to.namespace)
    : selects(domain.namespaces.selector, to.namespaceLabels);
}

/** The environment of a path: the longest prefix by whole segments. `rest` is the path behind the prefix, at least `/`. */
export function environmentOf(
  domain: ApiDomainProjection,
  path: string,
): { readonly environment: Environment; readonly rest: string } | undefined {
  const found = domain.environments
    .filter(
      ({ pathPrefix }) => pathPrefix === "/" || path === pathPrefix || path.startsWith(`${pathPrefix}/`),
    )
    .sort((a, b) => b.pathPrefix.length - a.pathPrefix.length)[0];
  if (!found) return undefined;
  return {
    environment: found,
    rest: found.pathPrefix === "/" ? path : path.slice(found.pathPrefix.length) || "/",
  };
}
