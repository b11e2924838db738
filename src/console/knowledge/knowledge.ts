import type { Finding } from "../../access/findings/catalog.ts";
import { findingsOf } from "../../access/findings/findingsOf.ts";
import { type Installation, installationsOf } from "../../access/installations.ts";
import { TooManyOverlaps } from "../../access/requests/representatives.ts";
import { type AccessRow, accessRows } from "../../access/rows.ts";
import type { Tree } from "../../access/tree.ts";
import type { World } from "../../access/world.ts";
import type { ConsoleSource } from "../source.ts";
import { treeOf } from "./tree.ts";

/** Results are used for this long, in milliseconds, since expiry times pass without a change of an object. */
const LIVES_MS = 10_000;

/** What follows from all objects together, computed when a page asks for it, and again after a change. */
export class Knowledge {
  readonly #source: ConsoleSource;
  readonly #revision: () => number;
  readonly #now: () => number;
  #at: { readonly revision: number; readonly until: number } | undefined;
  readonly #results = new Map<string, unknown>();

  /** `revision` is the number of changes so far, `now` returns epoch milliseconds. */
  constructor(source: ConsoleSource, revision: () => number, now: () => number) {
    this.#source = source;
    this.#revision = revision;
    this.#now = now;
  }

  /** Whether access can be known: without ApiDomains no request has a place. */
  get isComplete(): boolean {
    return !this.#source.gaps().some(({ resource }) => resource.startsWith("apidomains."));
  }

  get tree(): Tree {
    return this.#once("tree", () => treeOf(this.#source.objects));
  }

  get installations(): readonly Installation<World>[] {
    return this.#once("installations", () => installationsOf(this.tree));
  }

  /** Everything that callers may do; undefined if paths overlap in too many ways to be analysed. */
  get rows(): readonly AccessRow[] | undefined {
    const now = this.#now();
    return this.#once("rows", () =>
      orTooMany(() => this.installations.flatMap(({ world }) => [...accessRows(world, now)])),
    );
  }

  /** By the object, such as `ApiGrant team-shop/partners`. */
  get findings(): ReadonlyMap<string, readonly Finding[]> {
    const now = this.#now();
    return this.#once("findings", () =>
      Map.groupBy(orTooMany(() => findingsOf(this.tree, [], now)) ?? [], ({ object }) => object),
    );
  }

  #once<T>(name: string, compute: () => T): T {
    const now = this.#now();
    const revision = this.#revision();
    if (!this.#at || this.#at.revision !== revision || this.#at.until < now) {
      this.#results.clear();
      this.#at = { revision, until: now + LIVES_MS };
    }
    if (!this.#results.has(name)) this.#results.set(name, compute());
    return this.#results.get(name) as T;
  }
}

function orTooMany<T>(compute: () => T): T | undefined {
  try {
    return compute();
  } catch (error) {
    if (error instanceof TooManyOverlaps) return undefined;
    throw error;
  }
}
