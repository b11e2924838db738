/** The class of an object, "" for none. Its spec may be of an older schema, so no part of it is taken for granted. */
export function classOf(object: object): string {
  const { spec }: { spec?: unknown } = object;
  if (typeof spec !== "object" || spec === null || !("className" in spec)) return "";
  return typeof spec.className === "string" ? spec.className : "";
}
