import type { SchemeName } from "../../api/vocabulary.ts";
import { OTHER } from "../../observe/metrics/labels.ts";
import type { SeriesCounter } from "../../observe/metrics/plainMetrics.ts";
import type { KeyEntry } from "../../policy/index/applications.ts";
import type { ApplicationProjection } from "../../projection/documents.ts";
import { notesOf } from "../keyNotes.ts";

/** Applications beyond these share a series. */
const MAX_LABELLED = 1_000;

/** Counts verified requests by scheme and Application, so that an owner sees when the last caller has left a scheme. */
export class SchemeUse {
  readonly #counter: SeriesCounter;
  readonly #labelled = new Set<string>();

  constructor(counter: SeriesCounter) {
    this.#counter = counter;
  }

  note(scheme: SchemeName, key: KeyEntry): void {
    const notes = notesOf(key);
    if (notes.scheme !== scheme || !notes.series) {
      notes.scheme = scheme;
      notes.series = this.#counter.series(scheme, this.#labelOf(key.application));
    }
    notes.series.count += 1;
  }

  #labelOf({ namespace, name }: ApplicationProjection): string {
    const label = `${namespace}/${name}`;
    if (this.#labelled.size < MAX_LABELLED) this.#labelled.add(label);
    return this.#labelled.has(label) ? label : OTHER;
  }
}
