import type { LabelSelector } from "../../projection/documents.ts";

/** A selector of a valid spec as the documents have it; labels are taken as they are, whatever they are called. */
export function selectorOf({ matchLabels, matchExpressions }: LabelSelector): LabelSelector {
  return {
    ...(matchLabels === undefined ? {} : { matchLabels }),
    ...(matchExpressions === undefined ? {} : { matchExpressions }),
  };
}
