import type { LabelSelector, Labels } from "../../projection/documents.ts";

/** Whether labels meet all requirements of a selector, as Kubernetes reads them; an empty selector selects nothing here. */
export function selects(selector: LabelSelector, labels: Labels): boolean {
  const equal = Object.entries(selector.matchLabels ?? {});
  const expressions = selector.matchExpressions ?? [];
  if (equal.length === 0 && expressions.length === 0) return false;
  return (
    equal.every(([key, value]) => labelOf(labels, key) === value) &&
    expressions.every((one) => meets(one, labels))
  );
}

function meets(
  { key, operator, values = [] }: NonNullable<LabelSelector["matchExpressions"]>[number],
  labels: Labels,
): boolean {
  const value = labelOf(labels, key);
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
  }
}

function labelOf(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}
