import { Backoff } from "../../base/backoff.ts";
import { type Clock, systemClock } from "../../base/clock.ts";
import type { KubeCollection } from "./collection.ts";
import type { Connection } from "./connection.ts";
import { listAll, NotServed, type Resource } from "./list.ts";
import type { Decode } from "./objects.ts";
import { type WatchListener, type WatchTimes, watchOnce } from "./watch.ts";

export interface ReflectorHooks {
  /** A list or watch failed and is begun anew; the text is safe to log. */
  readonly onRestart: (resource: string, why: string) => void;
}

export interface ReflectorTimes {
  /** How long the next watch lasts and may be silent. */
  readonly watch: () => WatchTimes;
  readonly backoff: () => Backoff;
  /** How often an optional resource that is not served is looked for, in milliseconds; each minute unless told. */
  readonly absentMs?: number;
  readonly clock?: Clock;
}

/** Watches last 5 to 10 minutes, so that many processes do not begin theirs at once; bookmarks come each minute. */
export const USUAL_TIMES: ReflectorTimes = {
  watch: () => ({ seconds: Math.floor(300 + Math.random() * 300), silenceMs: 150_000 }),
  backoff: () => new Backoff({ firstMs: 100, longestMs: 30_000, jitter: Math.random }),
};

/** What a resource that may not be there is told of. */
export interface Optional {
  readonly onServed: (isServed: boolean) => void;
}

/** A watch that lived so long was no failure of the server's, though it told nothing. */
const LIVED_MS = 10_000;

const ABSENT = Symbol("not served");

/**
 * Keeps a collection equal to a resource: a full list, then a watch from its version, and a list again whenever the
 * watch ends in any way but by its own time limit. An optional resource need not be served. While neither can be had, the collection keeps what it holds; a
 * resource that is not served (404, its CRD is away) never looks like an empty one.
 *
 * This is not client-node's informer, for these reasons. Upstream (kubernetes-client/javascript) has issues of watches that go silent
 * without an error (#364, #596, #958) and of tens of requests a second after a reconnect (#1933). Version 2.0.1 still stops for good
 * after a 5xx or a reset, replaces an object by an older version of it, ignores `ERROR` events other than 410, and asks for no bookmarks.
 * docs/decisions/0001-own-reflector.md has the measurements, and when to reconsider.
 */
export class Reflector<T> {
  readonly #connection: Connection;
  readonly #resource: Resource;
  readonly #decode: Decode<T>;
  readonly #collection: KubeCollection<T>;
  readonly #hooks: ReflectorHooks;
  readonly #times: ReflectorTimes;
  readonly #clock: Clock;
  readonly #optional: Optional | undefined;
  readonly #synced = Promise.withResolvers<void>();
  /** Resolves when the collection holds a full list for the first time. */
  readonly synced: Promise<void> = this.#synced.promise;

  constructor(
    source: { readonly connection: Connection; readonly resource: Resource; readonly decode: Decode<T> },
    collection: KubeCollection<T>,
    hooks: ReflectorHooks,
    times: ReflectorTimes = USUAL_TIMES,
    optional?: Optional,
  ) {
    this.#optional = optional;
    this.#connection = source.connection;
    this.#resource = source.resource;
    this.#decode = source.decode;
    this.#collection = collection;
    this.#hooks = hooks;
    this.#times = times;
    this.#clock = times.clock ?? systemClock;
  }

  /** Goes on until the signal aborts; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const backoff = this.#times.backoff();
    while (!signal.aborted) {
      const why = await this.#listAndFollow(backoff, signal);
      if (signal.aborted) return;
      if (why === ABSENT) {
        await this.#clock.sleep(this.#times.absentMs ?? 60_000, signal);
        continue;
      }
      this.#hooks.onRestart(this.#resource.path, why);
      await this.#clock.sleep(backoff.next(), signal);
    }
  }

  /** Answers why it cannot go on. */
  async #listAndFollow(backoff: Backoff, signal: AbortSignal): Promise<string | typeof ABSENT> {
    try {
      const mark = this.#collection.mark();
      const { items, version } = await listAll(this.#connection, this.#resource, this.#decode, signal);
      this.#optional?.onServed(true);
      this.#collection.replace(items, version, mark);
      this.#synced.resolve();
      return await this.#follow(version, backoff, signal);
    } catch (error) {
      if (this.#optional && error instanceof NotServed) return this.#absent(this.#optional);
      return error instanceof Error ? `${error.name}: ${error.message}` : "unknown error";
    }
  }

  /** What was seen of it before stays; where nothing was, that is now known. */
  #absent({ onServed }: Optional): typeof ABSENT {
    onServed(false);
    this.#synced.resolve();
    return ABSENT;
  }

  /** One watch after the other, for as long as each ends because its time is over. */
  async #follow(from: string, backoff: Backoff, signal: AbortSignal): Promise<string> {
    const place = { version: from, told: 0 };
    const listener = this.#listener(place);
    for (;;) {
      const began = this.#clock.monotonic();
      const told = place.told;
      const end = await watchOnce(
        this.#connection,
        this.#resource,
        place.version,
        listener,
        this.#times.watch(),
        signal,
      );
      const wasAlive = place.told > told || this.#clock.monotonic() - began > LIVED_MS;
      if (wasAlive) backoff.reset();
      if (end.kind === "failed") return `the watch ${end.why}`;
      if (end.kind === "stopped" || !wasAlive) return "the watch ended at once";
    }
  }

  #listener(place: { version: string; told: number }): WatchListener {
    const note = (version: string) => {
      place.version = version;
      place.told++;
    };
    return {
      changed: (object) => {
        const item = this.#decode(object);
        this.#collection.upsert(item);
        note(item.version);
      },
      deleted: (object) => {
        const { key, version } = this.#decode(object);
        this.#collection.remove(key, version);
        note(version);
      },
      bookmark: note,
    };
  }
}
