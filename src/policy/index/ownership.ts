import type { ApiDomainProjection } from "../../projection/documents.ts";
import { patternsOf } from "../host.ts";
import { DomainEntry } from "./domainEntry.ts";

/** Who speaks first among equals: the oldest, then the first by name. Negative: a. */
export function byAge(
  a: { readonly createdAt: string; readonly name: string },
  b: { readonly createdAt: string; readonly name: string },
): number {
  return (
    Date.parse(a.createdAt) - Date.parse(b.createdAt) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
  );
}

/** The ApiDomains by host pattern. Of two with the same pattern the older has it, so what is applied later takes nothing away. */
export class DomainTable {
  readonly #entries = new Map<string, DomainEntry>();
  readonly #owners = new Map<string, DomainEntry>();
  /** The others that have the pattern too, the oldest first. */
  readonly #waiting = new Map<string, readonly DomainEntry[]>();

  static of(domains: Iterable<ApiDomainProjection>): DomainTable {
    const table = new DomainTable();
    for (const domain of domains) table.add(domain);
    return table;
  }

  add(domain: ApiDomainProjection): void {
    const entry = new DomainEntry(domain);
    this.#entries.set(domain.uid, entry);
    for (const pattern of domain.hosts)
      this.#put(
        pattern,
        [...this.#claimantsOf(pattern), entry].sort((a, b) => byAge(a.document, b.document)),
      );
  }

  remove(domain: ApiDomainProjection): void {
    this.#entries.delete(domain.uid);
    for (const pattern of domain.hosts)
      this.#put(
        pattern,
        this.#claimantsOf(pattern).filter(({ document }) => document.uid !== domain.uid),
      );
  }

  /** How many ApiDomains there are. */
  get size(): number {
    return this.#entries.size;
  }

  /** All of them, in no order. */
  entries(): Iterable<DomainEntry> {
    return this.#entries.values();
  }

  /** The owner of a host or of a wildcard pattern: the most specific ApiDomain that covers it. */
  ownerOf(hostOrPattern: string): DomainEntry | undefined {
    const exact = this.#owners.get(hostOrPattern);
    if (exact) return exact;
    const start = hostOrPattern.startsWith("*.") ? hostOrPattern.slice(2) : hostOrPattern;
    const patterns = hostOrPattern === start ? patternsOf(start) : wildcardsFrom(start);
    for (const pattern of patterns) {
      const owner = this.#owners.get(pattern);
      if (owner) return owner;
    }
    return undefined;
  }

  /** The hosts of this domain that an older one has: there it is without effect. */
  lostHosts(domain: ApiDomainProjection): readonly string[] {
    return domain.hosts.filter((pattern) => this.#owners.get(pattern)?.document.uid !== domain.uid);
  }

  #claimantsOf(pattern: string): readonly DomainEntry[] {
    const owner = this.#owners.get(pattern);
    return owner ? [owner, ...(this.#waiting.get(pattern) ?? [])] : [];
  }

  #put(pattern: string, [owner, ...others]: readonly DomainEntry[]): void {
    if (owner) this.#owners.set(pattern, owner);
    else this.#owners.delete(pattern);
    if (others.length > 0) this.#waiting.set(pattern, others);
    else this.#waiting.delete(pattern);
  }
}

/** The patterns that cover a whole wildcard `*.rest`: itself and the wider ones. */
function* wildcardsFrom(rest: string): Generator<string> {
  yield `*.${rest}`;
  for (let dot = rest.indexOf("."); dot >= 0; dot = rest.indexOf(".", dot + 1)) yield `*${rest.slice(dot)}`;
}
