import type { Clock } from "../../base/clock.ts";
import { dayOf } from "../../base/days.ts";
import type { KeyEntry } from "../../policy/index/applications.ts";
import type { GrantEntry } from "../../policy/index/grantEntry.ts";
import { encodeUses, type Use } from "../../projection/useReport.ts";

/**
 * A use stays in the report for this long, in milliseconds: the operator lists the Leases every 10 s, so it reads each use about three times.
 */
const SHOWN_MS = 30_000;

/** Every use is reported again after this time, in milliseconds, for an operator that was away or has restarted meanwhile. */
const REPEAT_MS = 12 * 3_600_000;

/** A use that is older than this many days has been reported often enough. */
const REPEATED_DAYS = 30;

/** The characters of ids in one report. The annotations of a Lease may take 262,144 bytes. */
const MOST_CHARACTERS = 32_768;

interface Shown extends Use {
  /** When a report with it was written first, in monotonic milliseconds. */
  since: number | undefined;
}

/**
 * Records on which day requests were last allowed with each key and by each grant, and reports what has changed. A report is bounded: what
 * does not fit waits for the next one.
 */
export class UseRecorder {
  readonly #clock: Pick<Clock, "wall" | "monotonic">;
  /** Today, as of the last report: a clock that is read for each request would cost more than the rest. Reports are 10 s apart at most. */
  #day: number;
  /** Not in a report yet. */
  readonly #waiting = new Map<string, Use>();
  /** In the present report. */
  readonly #shown = new Map<string, Shown>();
  /** Were in a report. */
  readonly #reported = new Map<string, Use>();
  #repeatAt: number;

  constructor(clock: Pick<Clock, "wall" | "monotonic">) {
    this.#clock = clock;
    this.#day = dayOf(clock.wall());
    this.#repeatAt = clock.monotonic() + REPEAT_MS;
  }

  /**
   * Notes an allowed request of today. Nearly every one compares numbers, and allocates nothing: only the first request of a day
   * with a key or by a grant does more.
   */
  note(key: KeyEntry, grant: GrantEntry): void {
    const day = this.#day;
    if (day > key.usedOn) {
      key.usedOn = day;
      this.#add({ kind: "keys", id: key.apiAppKey, day });
    }
    if (day > grant.usedOn) {
      grant.usedOn = day;
      this.#add({ kind: "grants", id: grant.fullName, day });
    }
  }

  /** The report to write now. */
  report(): string {
    const now = this.#clock.monotonic();
    this.#day = dayOf(this.#clock.wall());
    for (const [name, { since, ...use }] of this.#shown) {
      if (since === undefined || now - since < SHOWN_MS) continue;
      this.#shown.delete(name);
      this.#reported.set(name, use);
    }
    if (now >= this.#repeatAt && this.#waiting.size === 0) this.#repeat(now);
    this.#fill();
    return encodeUses(this.#shown.values());
  }

  /** The last report has been written. */
  written(): void {
    const now = this.#clock.monotonic();
    for (const shown of this.#shown.values()) shown.since ??= now;
  }

  #add(use: Use): void {
    this.#waiting.set(`${use.kind} ${use.id}`, use);
  }

  #fill(): void {
    let left = MOST_CHARACTERS;
    for (const { id } of this.#shown.values()) left -= id.length;
    for (const [name, use] of this.#waiting) {
      left -= use.id.length;
      if (left < 0) return;
      this.#waiting.delete(name);
      this.#shown.set(name, { ...use, since: undefined });
    }
  }

  #repeat(now: number): void {
    this.#repeatAt = now + REPEAT_MS;
    let latest = 0;
    for (const { day } of this.#reported.values()) latest = Math.max(latest, day);
    for (const [name, use] of this.#reported) {
      this.#reported.delete(name);
      if (use.day >= latest - REPEATED_DAYS) this.#waiting.set(name, use);
    }
  }
}
