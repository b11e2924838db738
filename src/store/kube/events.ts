import { randomBytes } from "node:crypto";
import { API_VERSION, GROUP } from "../../api/names.ts";
import { Allowance } from "../../base/allowance.ts";
import { type Clock, systemClock } from "../../base/clock.ts";
import { microTimestamp } from "../../base/timestamp.ts";
import type { ObjectEvent } from "../store.ts";
import type { Connection } from "./connection.ts";
import { eventsPath, objectPath } from "./paths.ts";
import { MERGE_PATCH } from "./writer.ts";

/** A recorded Event, whose count an equal one increments. */
interface Recorded {
  readonly path: string;
  readonly name: string;
  count: number;
  /** When it was last sent to the server, in monotonic milliseconds. */
  toldAt: number;
}

const CONTROLLER = `${GROUP}/operator`;
/** The API server's limit for a note, in bytes. */
const MAX_NOTE = 1_024;
const MAX_REMEMBERED = 1_000;
const MAX_UNDER_WAY = 8;
/** So that the creation of 10,000 objects is not slowed down by 10,000 Events; up to this many at once. */
const PER_SECOND = 20;
/** Equal Events within this time are only counted. */
const QUIET_MS = 60_000;

/**
 * Records Events, best effort and bounded: equal Events increment a count that is sent once per minute, and Events are dropped while
 * too many are in flight, or were recorded in the last second. A failure never affects the operation that the Event is about.
 */
export class EventRecorder {
  readonly #connection: Connection;
  readonly #instance: string;
  readonly #clock: Clock;
  readonly #recorded = new Map<string, Recorded>();
  readonly #allowance = new Allowance(PER_SECOND);
  #underWay = 0;

  /** `instance` is the reporting instance of the Events. */
  constructor(connection: Connection, instance: string, clock: Clock = systemClock) {
    this.#connection = connection;
    this.#instance = instance;
    this.#clock = clock;
  }

  async record(event: ObjectEvent): Promise<void> {
    if (this.#underWay >= MAX_UNDER_WAY) return;
    this.#underWay++;
    try {
      await this.#record(event);
    } catch {
      // Best effort: the Event is dropped.
    } finally {
      this.#underWay--;
    }
  }

  async #record(event: ObjectEvent): Promise<void> {
    const { object, type, reason, action, message } = event;
    const key = JSON.stringify([object.uid, type, reason, action, message]);
    const before = this.#recorded.get(key);
    if (before) before.count++;
    const now = this.#clock.monotonic();
    if (before && now - before.toldAt < QUIET_MS) return;
    if (!this.#allowance.take(now)) return;
    if (!before) return this.#create(key, event);
    before.toldAt = now;
    const series = { count: before.count, lastObservedTime: microTimestamp(this.#clock.wall()) };
    const path = objectPath(before.path, before.name);
    const { status } = await this.#connection.request("PATCH", path, {
      body: { series },
      contentType: MERGE_PATCH,
    });
    // The server deletes Events after an hour.
    if (status === 404) await this.#create(key, event);
  }

  async #create(key: string, { object, type, reason, action, message }: ObjectEvent): Promise<void> {
    const { kind, name, uid } = object;
    // Events of cluster-scoped objects are kept in "default".
    const namespace = object.namespace || "default";
    const recorded = {
      path: eventsPath(namespace),
      name: `${name}.${randomBytes(8).toString("hex")}`,
      count: 1,
      toldAt: this.#clock.monotonic(),
    };
    this.#remember(key, recorded);
    const body = {
      apiVersion: "events.k8s.io/v1",
      kind: "Event",
      metadata: { name: recorded.name, namespace },
      eventTime: microTimestamp(this.#clock.wall()),
      reportingController: CONTROLLER,
      reportingInstance: this.#instance.slice(0, 128),
      type,
      reason,
      action,
      note: shortened(message),
      regarding: {
        apiVersion: kind === "Secret" ? "v1" : API_VERSION,
        kind,
        name,
        uid,
        ...(object.namespace === "" ? {} : { namespace }),
      },
    };
    await this.#connection.request("POST", recorded.path, { body });
  }

  #remember(key: string, recorded: Recorded): void {
    this.#recorded.delete(key);
    const [oldest] = this.#recorded.keys();
    if (this.#recorded.size >= MAX_REMEMBERED && oldest !== undefined) this.#recorded.delete(oldest);
    this.#recorded.set(key, recorded);
  }
}

function shortened(message: string): string {
  let note = message.slice(0, MAX_NOTE);
  while (Buffer.byteLength(note) > MAX_NOTE) note = note.slice(0, -1);
  return note;
}
