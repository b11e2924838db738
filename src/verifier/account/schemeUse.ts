import type { SchemeName } from "../../api/vocabulary.ts";
import { OTHER } from "../../observe/metrics/labels.ts";
import type { Series, SeriesCounter } from "../../observe/metrics/plainMetrics.ts";
import type { ApplicationProjection } from "../../projection/documents.ts";

/** Applications beyond these share a series. */
const MAX_LABELLED = 1_000;

/**
 * Counts verified requests by scheme and Application, so that an owner sees when the last caller has left a scheme. The series
 * of an Application that was found once is kept with its document: there is one look-up for each request.
 */
export class SchemeUse {
  readonly #counter: SeriesCounter;
  readonly #labelled = new Set<string>();
  readonly #series = new WeakMap<ApplicationProjection, Partial<Record<SchemeName, Series>>>();

  constructor(counter: SeriesCounter) {
    this.#counter = counter;
  }

  note(scheme: SchemeName, application: ApplicationProjection): void {
    let known = this.#series.get(application);
    if (!known) {
      known = {};
      this.#series.set(application, known);
    }
    known[scheme] ??= this.#counter.series(scheme, this.#labelOf(application));
    known[scheme].count += 1;
  }

  #labelOf({ namespace, name }: ApplicationProjection): string {
    const label = `${namespace}/${name}`;
    if (this.#labelled.size < MAX_LABELLED) this.#labelled.add(label);
    return this.#labelled.has(label) ? label : OTHER;
  }
}
