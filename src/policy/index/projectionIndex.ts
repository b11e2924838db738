import { PROJECTION_PREFIXES } from "../../api/names.ts";
import type { Enforcement } from "../../api/vocabulary.ts";
import type { ApiDomainProjection, Projection } from "../../projection/documents.ts";
import type { ProjectionSink, StoredProjection } from "../../projection/feed.ts";
import { compareVersions } from "../../projection/versions.ts";
import { ApplicationTable } from "./applications.ts";
import { GrantTable } from "./grants.ts";
import { DomainTable } from "./ownership.ts";

interface Held {
  readonly version: string;
  /** Undefined for a tombstone, a document that cannot be read, and one that was removed: all are absent. */
  readonly document: Projection | undefined;
}

/** Versions of removed projections are remembered so that an old event cannot bring one back; the latest this many. */
const MAX_REMOVED = 10_000;

/**
 * Everything that decisions are made from, kept current by events. The cost of one change does not depend on how many
 * Applications there are; an event older than what is held of its name is ignored.
 */
export class ProjectionIndex implements ProjectionSink {
  readonly applications: ApplicationTable;
  /** The grants that decisions are enforced by. */
  readonly grants = new GrantTable();
  /** Grants with `enforcement: Shadow`. They are in a table of their own, so that none affects an enforced decision. */
  readonly shadowGrants = new GrantTable();
  readonly domains = new DomainTable();
  /** Grows with every change: a decision holds as long as it is equal. */
  changes = 0;
  readonly #held = new Map<string, Held>();
  readonly #removed = new Set<string>();
  readonly #unreadable = new Set<string>();
  /** Of these, the ones that are not of an Application. */
  readonly #unreadableRules = new Set<string>();

  /** `seed` is any number; of an index that clients ask, a random one, which those who choose keys do not know. */
  constructor(seed = 0) {
    this.applications = new ApplicationTable(seed);
  }

  /** A full list: what it does not name is gone. */
  replace(projections: Iterable<StoredProjection>): void {
    const listed = [...projections];
    const names = this.#held.size === 0 ? undefined : new Set(listed.map(({ name }) => name));
    for (const name of [...this.#held.keys()]) {
      if (names?.has(name)) continue;
      this.#drop(name);
      this.#held.delete(name);
      this.#removed.delete(name);
    }
    // A list is consistent, so its content holds even where an event of a lost watch was newer by its number.
    for (const projection of listed)
      this.#hold(projection.name, projection.resourceVersion, projection.document);
  }

  upsert({ name, resourceVersion, document }: StoredProjection): void {
    if (this.#isNews(name, resourceVersion)) this.#hold(name, resourceVersion, document);
  }

  remove(name: string, version: string): void {
    if (!this.#isNews(name, version)) return;
    this.#drop(name);
    this.#held.set(name, { version, document: undefined });
    this.#removed.add(name);
    const oldest = this.#removed.size > MAX_REMOVED ? this.#removed.values().next().value : undefined;
    if (oldest === undefined) return;
    this.#removed.delete(oldest);
    this.#held.delete(oldest);
  }

  bookmark(): void {}

  /** How many projections are in effect, for metrics; `unreadable` ones are absent from every decision. */
  counts(): {
    readonly applications: number;
    readonly grants: number;
    /** Of the grants, those with `enforcement: Shadow`. */
    readonly shadowGrants: number;
    readonly domains: number;
    readonly unreadable: number;
  } {
    return {
      applications: this.applications.size,
      grants: this.grants.size + this.shadowGrants.size,
      shadowGrants: this.shadowGrants.size,
      domains: this.domains.size,
      unreadable: this.#unreadable.size,
    };
  }

  /**
   * Whether Shadow grants may have an effect. None has while an ApiGrant or ApiDomain cannot be read: it may be the one that
   * enforces the path, or that gives the host to another namespace.
   */
  get canShadow(): boolean {
    return this.shadowGrants.size > 0 && this.#unreadableRules.size === 0;
  }

  /** The grants of one enforcement; default: Enforce. */
  grantsUnder(enforcement: Enforcement = "Enforce"): GrantTable {
    return enforcement === "Shadow" ? this.shadowGrants : this.grants;
  }

  #isNews(name: string, version: string): boolean {
    const held = this.#held.get(name);
    return !held || compareVersions(version, held.version) > 0;
  }

  #hold(name: string, version: string, document: Projection | undefined): void {
    this.#drop(name);
    this.#removed.delete(name);
    const live = document?.tombstone ? undefined : document;
    this.#held.set(name, { version, document: live });
    if (document === undefined) this.#noteUnreadable(name);
    if (live?.kind === "Application") this.applications.add(name, live);
    if (live?.kind === "ApiGrant") this.grantsUnder(live.enforcement).add(name, live);
    if (live?.kind === "ApiDomain") this.domains.add(live satisfies ApiDomainProjection);
  }

  #noteUnreadable(name: string): void {
    this.#unreadable.add(name);
    if (!name.startsWith(`${PROJECTION_PREFIXES.Application}.`)) this.#unreadableRules.add(name);
  }

  #drop(name: string): void {
    this.changes += 1;
    const document = this.#held.get(name)?.document;
    this.#unreadable.delete(name);
    this.#unreadableRules.delete(name);
    if (document?.kind === "Application") this.applications.remove(name);
    if (document?.kind === "ApiGrant") this.grantsUnder(document.enforcement).remove(name);
    if (document?.kind === "ApiDomain") this.domains.remove(document);
  }
}
