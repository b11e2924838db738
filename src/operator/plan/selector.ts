import type { LabelSelector } from "../../projection/documents.ts";

/** The selector of a valid spec in the form of the documents. Labels are copied unchanged. */
export function selectorOf({ matchLabels, matchExpressions }: LabelSelector): LabelSelector {
  return {
    ...(matchLabels === undefined ? {} : { matchLabels }),
    ...(matchExpressions === undefined ? {} : { matchExpressions }),
  };
}
