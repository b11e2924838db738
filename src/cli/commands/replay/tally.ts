import type { Place } from "../../shared/capture/captured.ts";
import type { Result } from "./result.ts";
import { SettingTally } from "./settingTally.ts";

/** So many unreadable places are listed; more are counted. */
const LISTED = 20;
/** No name contains it. */
const SEPARATOR = "\t";

/** How many requests have these names and this code in common. A name is null where the request has none. */
export interface Group {
  readonly api: string | null;
  readonly environment: string | null;
  readonly application: string | null;
  /** A decision's code, or `undecidable`. */
  readonly code: string;
  readonly requests: number;
}

/** A place that holds no request. */
export interface Problem {
  readonly place: Place;
  readonly reason: string;
}

/** How many requests could not be decided for the same reason. */
export interface ReasonCount {
  readonly reason: string;
  readonly requests: number;
}

/** Counts results by API, environment, Application and code, and the settings that would help. Its size depends on those names alone. */
export class Tally {
  readonly settings = new SettingTally();
  readonly #groups = new Map<string, number>();
  readonly #reasons = new Map<string, number>();
  readonly #listed: Problem[] = [];
  allowed = 0;
  decided = 0;
  undecidable = 0;
  unreadable = 0;

  add(result: Result): void {
    if (result.kind === "unreadable") {
      this.unreadable += 1;
      this.#list(result);
      return;
    }
    const { api, environment, application } = result.subject;
    const code = result.kind === "decided" ? result.verdict.code : "undecidable";
    increment(this.#groups, [api ?? "", environment ?? "", application ?? "", code].join(SEPARATOR));
    if (result.kind === "undecidable") {
      this.undecidable += 1;
      increment(this.#reasons, result.reason);
      return;
    }
    this.decided += 1;
    if (result.verdict.decision === "allow") this.allowed += 1;
    this.settings.add(result);
  }

  /** How many results were added. */
  get results(): number {
    return this.decided + this.undecidable + this.unreadable;
  }

  /** Whether everything is a request that is allowed. */
  get isAllAllowed(): boolean {
    return this.allowed === this.results;
  }

  /** The most frequent first; equal ones by their names. */
  groups(): readonly Group[] {
    return sorted(this.#groups).map(([key, requests]) => {
      const [api, environment, application, code = ""] = key.split(SEPARATOR);
      return {
        api: api || null,
        environment: environment || null,
        application: application || null,
        code,
        requests,
      };
    });
  }

  /** Why requests could not be decided, the most frequent reason first. */
  reasons(): readonly ReasonCount[] {
    return sorted(this.#reasons).map(([reason, requests]) => ({ reason, requests }));
  }

  /** The first places that hold no request. */
  listed(): readonly Problem[] {
    return this.#listed;
  }

  #list({ place, reason }: Problem): void {
    if (this.#listed.length < LISTED) this.#listed.push({ place, reason });
  }
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function sorted(counts: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  return [...counts].sort(([a, first], [b, second]) => second - first || (a < b ? -1 : 1));
}
