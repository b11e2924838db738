import type { DenialCode } from "../../api/vocabulary.ts";
import { OTHER } from "../../observe/metrics/labels.ts";
import type { Series, SeriesCounter } from "../../observe/metrics/plainMetrics.ts";
import type { Decision } from "../../policy/decision.ts";
import { apiName, type Located } from "../../policy/locate.ts";

/** Beyond these, the denials of a code share a series. */
const MAX_SERIES = 1_000;

/**
 * Counts denials by code, Application and API, so that an owner sees which callers fail and why. All names are those of objects that
 * exist: an untrusted client chooses only the code, and which known key it names.
 */
export class DenialCounts {
  readonly #counter: SeriesCounter;
  readonly #series = new Map<string, Series>();

  constructor(counter: SeriesCounter) {
    this.#counter = counter;
  }

  /** `decision` is undefined if the request was denied before it could be decided, and an Allow if it was denied afterwards. */
  note(code: DenialCode, decision: Decision | undefined): void {
    const application = applicationOf(decision);
    const api = apiOf(decision?.reached.located);
    const key = `${code} ${application} ${api}`;
    let series = this.#series.get(key);
    if (!series && this.#series.size < MAX_SERIES) {
      series = this.#counter.series(code, application, api);
      this.#series.set(key, series);
    }
    series ??= this.#counter.series(code, OTHER, OTHER);
    series.count += 1;
  }
}

/** The Application whose key the request names, also where the signature did not verify; "" if it names no known key. */
function applicationOf(decision: Decision | undefined): string {
  const application = decision?.reached.attempt?.key?.application;
  return application ? `${application.namespace}/${application.name}` : "";
}

/** The first API at the path, since a denial must stay cheap: usually all grants call it by one name. */
function apiOf(located: Located | undefined): string {
  for (const grants of located?.matched ?? [])
    for (const [grant, apis] of grants) for (const api of apis) return apiName(grant, api);
  return "";
}
