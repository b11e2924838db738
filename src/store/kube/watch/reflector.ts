import { Backoff } from "../../../base/backoff.ts";
import { type Clock, systemClock } from "../../../base/clock.ts";
import type { KubeCollection } from "../collection.ts";
import type { Connection } from "../connection.ts";
import type { Decode } from "../objects.ts";
import { listAll, NotServed, type Resource } from "./list.ts";
import { type WatchListener, type WatchTimes, watchOnce } from "./watch.ts";

export interface ReflectorHooks {
  /** A list or watch failed and is restarted; the text is safe to log. */
  readonly onRestart: (resource: string, why: string) => void;
}

export interface ReflectorTimes {
  /** Duration and silence limit of the next watch. */
  readonly watch: () => WatchTimes;
  readonly backoff: () => Backoff;
  /** How often a missing optional resource is retried, in milliseconds; default: 60000. */
  readonly absentMs?: number;
  readonly clock?: Clock;
}

/** Watches last 5 to 10 minutes at random, so that many processes do not restart theirs at once; bookmarks arrive every minute. */
export const USUAL_TIMES: ReflectorTimes = {
  watch: () => ({ seconds: Math.floor(300 + Math.random() * 300), silenceMs: 150_000 }),
  backoff: () => new Backoff({ firstMs: 100, longestMs: 30_000, jitter: Math.random }),
};

/** The hook of a resource that may not be served. */
export interface Optional {
  readonly onServed: (isServed: boolean) => void;
}

/** A watch that lasted this long counts as successful even without any event. */
const LIVED_MS = 10_000;

const ABSENT = Symbol("not served");

/**
 * Keeps a collection equal to a resource: a full list, then a watch from its version, and a relist whenever the watch ends other than
 * by its own time limit. While neither succeeds, the collection keeps its content: a resource that is not served (404, its CRD is
 * missing) never looks like an empty one. An optional resource does not have to be served.
 *
 * This is not client-node's informer, for these reasons. Upstream (kubernetes-client/javascript) has issues of watches that go silent
 * without an error (#364, #596, #958) and of tens of requests per second after a reconnect (#1933). Version 2.0.1 still stops for good
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

  /** Runs until the signal aborts; never rejects. */
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

  /** Returns why it cannot continue. */
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

  /** The cached content stays. The collection counts as synced, since the resource is known to be missing. */
  #absent({ onServed }: Optional): typeof ABSENT {
    onServed(false);
    this.#synced.resolve();
    return ABSENT;
  }

  /** One watch after the other, as long as each ends by its time limit. */
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
        if (this.#collection.isCurrent(object.metadata)) {
          note(object.metadata.resourceVersion);
          return;
        }
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
